//! The task queues: what a task, its start and the look at its result read like in each, and what starts a worker.

use super::values::Wire;

/// A task queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// Celery.
    Celery,
    /// RQ, with Redis.
    Rq,
    /// Huey; with SQLite where the project has none yet.
    Huey,
    /// Dramatiq, with Redis where the project has none yet.
    Dramatiq,
    /// django-q2, with Django's database.
    DjangoQ,
    /// Django's own tasks, with the database backend of `django-tasks-db`.
    DjangoTasks,
}

impl Backend {
    /// All, in the order in which they are considered.
    pub const ALL: [Self; 6] =
        [Self::Celery, Self::DjangoQ, Self::DjangoTasks, Self::Huey, Self::Rq, Self::Dramatiq];

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Celery => "Celery",
            Self::Rq => "RQ",
            Self::Huey => "Huey",
            Self::Dramatiq => "Dramatiq",
            Self::DjangoQ => "django-q2",
            Self::DjangoTasks => "django.tasks",
        }
    }

    /// The normalized names of the distributions whose presence speaks for it.
    pub fn distributions(self) -> &'static [&'static str] {
        match self {
            Self::Celery => &["celery"],
            Self::Rq => &["rq"],
            Self::Huey => &["huey"],
            Self::Dramatiq => &["dramatiq"],
            Self::DjangoQ => &["django-q2", "django-q"],
            Self::DjangoTasks => &["django-tasks-db", "django-tasks"],
        }
    }

    /// The modules whose import, or whose name among Django's apps, speaks for it.
    pub(super) fn modules(self) -> &'static [&'static str] {
        match self {
            Self::Celery => &["celery"],
            Self::Rq => &["rq"],
            Self::Huey => &["huey"],
            Self::Dramatiq => &["dramatiq"],
            Self::DjangoQ => &["django_q"],
            Self::DjangoTasks => &["django.tasks", "django_tasks", "django_tasks_db"],
        }
    }

    /// The last names of what decorates its tasks.
    pub(super) fn task_decorators(self) -> &'static [&'static str] {
        match self {
            Self::Celery => &["task", "shared_task"],
            Self::Huey => &["task", "db_task"],
            Self::Dramatiq => &["actor"],
            Self::DjangoTasks => &["task"],
            Self::Rq => &["job"],
            Self::DjangoQ => &[],
        }
    }

    /// Whether this refactoring can use it in an app of Django, or of Flask.
    pub(super) fn works_with(self, django: bool) -> bool {
        match self {
            Self::Celery | Self::Huey => true,
            Self::Rq | Self::Dramatiq => !django,
            Self::DjangoQ | Self::DjangoTasks => django,
        }
    }

    /// Whether it wants a Redis or another broker, which PythonAnywhere does not have.
    pub(super) fn needs_redis(self) -> bool {
        matches!(self, Self::Celery | Self::Rq | Self::Dramatiq)
    }

    /// How it writes values down.
    pub(super) fn wire(self) -> Wire {
        match self {
            Self::Celery | Self::Dramatiq | Self::DjangoTasks => Wire::Json,
            Self::Rq | Self::Huey | Self::DjangoQ => Wire::Pickle,
        }
    }
}

/// What the module of tasks has already, as far as it matters for a new task.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given<'a> {
    pub django: bool,
    /// The name of the queue or app in the module of tasks, if it makes one or imports one.
    pub instance: Option<&'a str>,
    /// What decorates the tasks of the module, without arguments.
    pub decorator: Option<&'a str>,
    /// Whether the queue or app is made somewhere in the project.
    pub configured: bool,
    /// `django.tasks` or its backport, `django_tasks`.
    pub django_tasks: &'a str,
}

/// What a back end adds to a module of tasks and to a handler.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// Imports of the module of tasks.
    pub imports: Vec<String>,
    /// Statements that make the queue or app; empty when there is one.
    pub setup: String,
    /// What stands above the task; empty when nothing does.
    pub decorator: String,
    /// The body of the function that tells what became of a job, below its docstring.
    pub status: &'static str,
    /// The name in `status` that stands for the queue or app.
    pub instance: String,
    /// What the handler imports beside the task: a module, or the module of tasks when it is empty; and a name.
    pub handler_import: Option<(&'static str, String)>,
    /// Distributions that must be installed.
    pub distributions: Vec<&'static str>,
}

impl Backend {
    /// What it takes to have a task.
    pub(super) fn pieces(self, given: Given<'_>) -> Pieces {
        let list = |imports: &[&str]| imports.iter().map(ToString::to_string).collect::<Vec<_>>();
        match self {
            Self::Celery => {
                let setup = "REDIS_URL = os.environ.get(\"REDIS_URL\", \"redis://localhost:6379/0\")\n\
                             celery = Celery(\"tasks\", broker=REDIS_URL, backend=REDIS_URL)\ncelery.set_default()\n";
                let new = !given.configured;
                let mut imports = if new {
                    list(&["import os", "from celery import Celery, shared_task"])
                } else {
                    Vec::new()
                };
                let decorator = match (given.decorator, given.instance) {
                    (Some(decorator), _) => format!("@{decorator}"),
                    (None, Some(instance)) => format!("@{instance}.task"),
                    (None, None) => "@shared_task".to_owned(),
                };
                if !new && decorator == "@shared_task" {
                    imports.push("from celery import shared_task".to_owned());
                }
                imports.push("from celery.result import AsyncResult".to_owned());
                Pieces {
                    imports,
                    setup: if new { setup.to_owned() } else { String::new() },
                    decorator,
                    status: "job = AsyncResult(job_id)\nif job.successful():\n    return \"finished\", job.result\n\
                             return (\"failed\" if job.failed() else \"pending\"), None\n",
                    distributions: if new { vec!["celery[redis]"] } else { vec!["celery"] },
                    ..Pieces::default()
                }
            }
            Self::Rq => {
                let instance = given.instance.unwrap_or("queue");
                let new = given.instance.is_none();
                let setup = "REDIS_URL = os.environ.get(\"RQ_REDIS_URL\", \"redis://localhost:6379/0\")\n\
                             queue = Queue(connection=Redis.from_url(REDIS_URL))\n";
                Pieces {
                    imports: if new {
                        list(&["import os", "from redis import Redis", "from rq import Queue"])
                    } else {
                        Vec::new()
                    },
                    setup: if new { setup.to_owned() } else { String::new() },
                    status: "job = INSTANCE.fetch_job(job_id)\nif job is None or job.is_failed:\n    return \"failed\", None\n\
                             return (\"finished\", job.return_value()) if job.is_finished else (\"pending\", None)\n",
                    instance: instance.to_owned(),
                    handler_import: Some(("", instance.to_owned())),
                    distributions: vec!["rq"],
                    ..Pieces::default()
                }
            }
            Self::Huey if given.django && given.instance.is_none() => Pieces {
                imports: list(&[
                    "from huey.contrib.djhuey import HUEY, db_task",
                    "from huey.exceptions import TaskException",
                ]),
                decorator: "@db_task()".to_owned(),
                status: HUEY_STATUS,
                instance: "HUEY".to_owned(),
                distributions: vec!["huey"],
                ..Pieces::default()
            },
            Self::Huey => {
                let instance = given.instance.unwrap_or("huey");
                let new = given.instance.is_none();
                let setup = "huey = SqliteHuey(filename=str(Path(__file__).with_name(\"tasks.db\")))\n";
                let mut imports = if new {
                    list(&["from pathlib import Path", "from huey import SqliteHuey"])
                } else {
                    Vec::new()
                };
                imports.push("from huey.exceptions import TaskException".to_owned());
                Pieces {
                    imports,
                    setup: if new { setup.to_owned() } else { String::new() },
                    decorator: format!("@{instance}.task()"),
                    status: HUEY_STATUS,
                    instance: instance.to_owned(),
                    distributions: vec!["huey"],
                    ..Pieces::default()
                }
            }
            Self::Dramatiq => {
                let new = !given.configured;
                let mut imports = list(&["import dramatiq"]);
                if new {
                    imports.extend(list(&[
                        "import os",
                        "from dramatiq.brokers.redis import RedisBroker",
                        "from dramatiq.results import Results",
                        "from dramatiq.results.backends import RedisBackend",
                    ]));
                }
                imports.push("from dramatiq.results.errors import ResultFailure, ResultMissing".to_owned());
                let setup = "REDIS_URL = os.environ.get(\"REDIS_URL\", \"redis://localhost:6379/0\")\n\
                             broker = RedisBroker(url=REDIS_URL)\n\
                             broker.add_middleware(Results(backend=RedisBackend(url=REDIS_URL)))\n\
                             dramatiq.set_broker(broker)\n";
                Pieces {
                    imports,
                    setup: if new { setup.to_owned() } else { String::new() },
                    // Results are kept for a day and a job may take an hour; it is not tried again and again, as nobody would be told.
                    decorator: "@dramatiq.actor(\n    store_results=True, result_ttl=86_400_000, time_limit=3_600_000, max_retries=0\n)"
                        .to_owned(),
                    status: "try:\n    return \"finished\", task.message().copy(message_id=job_id).get_result()\n\
                             except ResultMissing:\n    return \"pending\", None\n\
                             except ResultFailure:\n    return \"failed\", None\n",
                    distributions: if new { vec!["dramatiq[redis]"] } else { vec!["dramatiq"] },
                    ..Pieces::default()
                }
            }
            Self::DjangoQ => Pieces {
                imports: list(&["from django_q.tasks import fetch"]),
                status: "job = fetch(job_id)\nif job is None:\n    return \"pending\", None\n\
                         return (\"finished\", job.result) if job.success else (\"failed\", None)\n",
                handler_import: Some(("django_q.tasks", "async_task".to_owned())),
                distributions: vec!["django-q2"],
                ..Pieces::default()
            },
            Self::DjangoTasks => Pieces {
                imports: vec![
                    format!(
                        "from {} import TaskResultStatus, default_task_backend, task",
                        given.django_tasks
                    ),
                    format!("from {}.exceptions import TaskResultDoesNotExist", given.django_tasks),
                ],
                decorator: "@task".to_owned(),
                status: "try:\n    job = default_task_backend.get_result(job_id)\nexcept TaskResultDoesNotExist:\n    return \"failed\", None\n\
                         if job.status == TaskResultStatus.SUCCESSFUL:\n    return \"finished\", job.return_value\n\
                         return (\"failed\" if job.status == TaskResultStatus.FAILED else \"pending\"), None\n",
                distributions: if given.django_tasks == "django_tasks" {
                    vec!["django-tasks", "django-tasks-db"]
                } else {
                    vec!["django-tasks-db"]
                },
                ..Pieces::default()
            },
        }
    }

    /// The expression that starts a task and gives the id of the job.
    pub(super) fn start(self, task: &str, arguments: &[String], instance: &str) -> String {
        let with = |first: &str| {
            std::iter::once(first.to_owned()).chain(arguments.iter().cloned()).collect::<Vec<_>>().join(", ")
        };
        let plain = arguments.join(", ");
        match self {
            Self::Celery => format!("{task}.delay({plain}).id"),
            Self::Rq => {
                format!("{instance}.enqueue({}, job_timeout=\"1h\", result_ttl=\"1d\").id", with(task))
            }
            Self::Huey => format!("{task}({plain}).id"),
            Self::Dramatiq => format!("{task}.send({plain}).message_id"),
            Self::DjangoQ => format!("async_task({})", with(task)),
            Self::DjangoTasks => format!("{task}.enqueue({plain}).id"),
        }
    }

    /// Whether the look at a job's result needs its task.
    pub(super) fn asks_the_task(self) -> bool {
        self == Self::Dramatiq
    }

    /// What starts a worker, in the folder that the module's name counts from; `queue` is the name of RQ's queue, empty for its
    /// usual one.
    pub(super) fn worker(self, module: &str, instance: &str, queue: &str, django: bool) -> String {
        match self {
            Self::Celery => {
                let app = module.strip_suffix(".celery").unwrap_or(module);
                format!("celery -A {app} worker")
            }
            Self::Rq => format!("rq worker {queue}").trim_end().to_owned(),
            Self::Huey if django && instance == "HUEY" => "python manage.py run_huey".to_owned(),
            // The script has had two names; the module has one.
            Self::Huey => format!("python -m huey.bin.huey_consumer {module}.{instance}"),
            Self::Dramatiq => format!("dramatiq {module}"),
            Self::DjangoQ => "python manage.py qcluster".to_owned(),
            Self::DjangoTasks => "python manage.py db_worker".to_owned(),
        }
    }
}

const HUEY_STATUS: &str = "try:\n    result = INSTANCE.result(job_id, preserve=True)\nexcept TaskException:\n    return \"failed\", None\n\
                           return (\"pending\" if result is None else \"finished\"), result\n";
