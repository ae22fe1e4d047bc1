//! The hosts' help pages, each with the anchor that speaks of the matter.

/// A page of somebody's documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HelpPage {
    /// What the page is called.
    pub title: &'static str,
    /// Its address, with an anchor where there is one.
    pub url: &'static str,
}

macro_rules! pages {
    ($($(#[$doc:meta])* $name:ident = $title:literal, $url:literal;)*) => {
        $($(#[$doc])* pub const $name: HelpPage = HelpPage { title: $title, url: $url };)*

        /// Every page, for the test that reads their addresses.
        pub const ALL: &[HelpPage] = &[$($name),*];
    };
}

pages! {
    /// PythonAnywhere: 502, own web servers.
    PA_502_OWN_SERVER = "PythonAnywhere: 502 Bad Gateway, don't run your own web server",
        "https://help.pythonanywhere.com/pages/502BadGateway/#dont-use-apprun-for-flask-or-try-to-run-your-own-web-server";
    /// PythonAnywhere: 502, errors in the WSGI file.
    PA_502_IMPORT_ERRORS = "PythonAnywhere: 502 Bad Gateway, import and syntax errors in your WSGI file",
        "https://help.pythonanywhere.com/pages/502BadGateway/#look-for-import-errors-or-syntax-errors-in-your-wsgi-file";
    /// PythonAnywhere: 502, `django.setup()`.
    PA_502_DJANGO_SETUP = "PythonAnywhere: 502 Bad Gateway, don't call django.setup()",
        "https://help.pythonanywhere.com/pages/502BadGateway/#dont-call-djangosetup-in-your-web-app-code";
    /// PythonAnywhere: 502, slow code.
    PA_502_SLOW_CODE = "PythonAnywhere: 502 Bad Gateway, slow code that times out",
        "https://help.pythonanywhere.com/pages/502BadGateway/#look-for-any-slow-code-that-might-be-timing-out";
    /// PythonAnywhere: the first request after a reload.
    PA_RELOAD_SLOW = "PythonAnywhere: did the reload time out?",
        "https://help.pythonanywhere.com/pages/ErrorReloadingWebApp/#did-the-reload-time-out-could-something-be-causing-your-site-to-respond-slowly";
    /// PythonAnywhere: 504 and 502 errors of Flask apps.
    PA_FLASK_504 = "PythonAnywhere: Flask, 504 and 502 errors",
        "https://help.pythonanywhere.com/pages/Flask504And502Errors/";
    /// PythonAnywhere: Flask, `app.run()`.
    PA_FLASK_RUN = "PythonAnywhere: Flask, do not use app.run()",
        "https://help.pythonanywhere.com/pages/Flask/#do-not-use-apprun";
    /// PythonAnywhere: Flask, the WSGI file.
    PA_FLASK_WSGI = "PythonAnywhere: Flask, configuring the WSGI file",
        "https://help.pythonanywhere.com/pages/Flask/#configuring-the-wsgi-file";
    /// PythonAnywhere: import errors.
    PA_DEBUGGING_IMPORT_ERRORS = "PythonAnywhere: debugging import errors",
        "https://help.pythonanywhere.com/pages/DebuggingImportError/#debugging-syspath-issues-in-web-apps";
    /// PythonAnywhere: shadowed modules.
    PA_SHADOWING = "PythonAnywhere: debugging import errors, shadowing",
        "https://help.pythonanywhere.com/pages/DebuggingImportError/#shadowing";
    /// PythonAnywhere: Dash.
    PA_DASH = "PythonAnywhere: Dash apps", "https://help.pythonanywhere.com/pages/DashWSGIConfig/";
    /// PythonAnywhere: web.py.
    PA_WEBPY = "PythonAnywhere: web.py apps", "https://help.pythonanywhere.com/pages/WebDotPyWSGIConfig/";
    /// PythonAnywhere: relative paths.
    PA_ABSOLUTE_PATHS = "PythonAnywhere: use absolute paths",
        "https://help.pythonanywhere.com/pages/NoSuchFileOrDirectory/#use-absolute-not-relative-paths";
    /// PythonAnywhere: ASGI sites.
    PA_ASGI = "PythonAnywhere: deploying ASGI sites on the command line",
        "https://help.pythonanywhere.com/pages/ASGICommandLine/";
    /// a2wsgi.
    A2WSGI = "a2wsgi, the bridge between ASGI and WSGI", "https://github.com/abersheeran/a2wsgi";
    /// PythonAnywhere: task queues.
    PA_TASK_QUEUE = "PythonAnywhere: async work in web apps, a task queue",
        "https://help.pythonanywhere.com/pages/AsyncInWebApps/#the-async-solution-a-task-queue";
    /// PythonAnywhere: environment variables.
    PA_ENVIRONMENT = "PythonAnywhere: environment variables for web apps",
        "https://help.pythonanywhere.com/pages/EnvironmentVariables/";
    /// PythonAnywhere: the virtual environment's version of Python.
    PA_VIRTUALENV_VERSION = "PythonAnywhere: debugging import errors, versions of Python",
        "https://help.pythonanywhere.com/pages/DebuggingImportError/#check-virtualenv-python-versions";
    /// PythonAnywhere: Django projects.
    PA_DJANGO = "PythonAnywhere: deploying an existing Django project",
        "https://help.pythonanywhere.com/pages/DeployExistingDjangoProject/";
    /// Python: relative imports.
    PYTHON_RELATIVE_IMPORTS = "Python: relative imports of a package",
        "https://docs.python.org/3/reference/import.html#package-relative-imports";
    /// Python: circular imports.
    PYTHON_IMPORT_PRACTICES = "Python: best practices for import in a module",
        "https://docs.python.org/3/faq/programming.html#what-are-the-best-practices-for-using-import-in-a-module";
    /// Python: the removed modules.
    PYTHON_REMOVED_MODULES = "Python: removed modules and their replacements",
        "https://docs.python.org/3/library/removed.html";
    /// Django: the settings module.
    DJANGO_SETTINGS = "Django: designating the settings",
        "https://docs.djangoproject.com/en/stable/topics/settings/#designating-the-settings";
    /// Django: `ALLOWED_HOSTS`.
    DJANGO_ALLOWED_HOSTS = "Django: ALLOWED_HOSTS",
        "https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts";
    /// Flask: what changed.
    FLASK_CHANGES = "Flask: changes", "https://flask.palletsprojects.com/en/stable/changes/";
    /// PEP 3333.
    PEP_3333 = "PEP 3333, the WSGI specification", "https://peps.python.org/pep-3333/#the-application-framework-side";
    /// PEP 3333, `start_response`.
    PEP_3333_START_RESPONSE = "PEP 3333, the start_response() callable",
        "https://peps.python.org/pep-3333/#the-start-response-callable";
    /// PythonAnywhere: virtual environments.
    PA_VIRTUALENVS = "PythonAnywhere: virtualenvs", "https://help.pythonanywhere.com/pages/Virtualenvs/";
    /// Python: `SystemExit`.
    PYTHON_SYSTEM_EXIT = "Python: SystemExit", "https://docs.python.org/3/library/exceptions.html#SystemExit";
    /// Python: `os.execl`.
    PYTHON_EXEC = "Python: os.execl and its relatives", "https://docs.python.org/3/library/os.html#os.execl";
    /// ruff: F401.
    RUFF_F401 = "ruff: unused-import (F401)", "https://docs.astral.sh/ruff/rules/unused-import/";
    /// uWSGI: how it is configured.
    UWSGI_CONFIGURATION = "uWSGI: configuring uWSGI", "https://uwsgi-docs.readthedocs.io/en/latest/Configuration.html";
    /// uWSGI: all options.
    UWSGI_OPTIONS = "uWSGI: configuration options", "https://uwsgi-docs.readthedocs.io/en/latest/Options.html";
    /// uWSGI: things to know.
    UWSGI_THINGS_TO_KNOW = "uWSGI: things to know",
        "https://uwsgi-docs.readthedocs.io/en/latest/ThingsToKnow.html";
    /// gunicorn: all settings.
    GUNICORN_SETTINGS = "gunicorn: settings", "https://gunicorn.org/reference/settings/";
    /// gunicorn: running it.
    GUNICORN_RUN = "gunicorn: running gunicorn", "https://docs.gunicorn.org/en/stable/run.html";
    /// Elastic Beanstalk: how it finds the app.
    BEANSTALK_PYTHON = "Elastic Beanstalk: the Python platform",
        "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/create-deploy-python-container.html";
    /// Zappa: its settings.
    ZAPPA_SETTINGS = "Zappa: settings", "https://github.com/zappa/Zappa#advanced-settings";
    /// mod_wsgi: its directives.
    MOD_WSGI_DIRECTIVES = "mod_wsgi: configuration directives",
        "https://modwsgi.readthedocs.io/en/latest/configuration.html";
    /// mod_wsgi: which interpreter an app runs in.
    MOD_WSGI_GROUP = "mod_wsgi: WSGIApplicationGroup",
        "https://modwsgi.readthedocs.io/en/develop/configuration-directives/WSGIApplicationGroup.html";
    /// systemd: command lines.
    SYSTEMD_COMMANDS = "systemd: command lines",
        "https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines";
    /// Docker: the two forms of commands.
    DOCKER_FORMS = "Docker: shell and exec form",
        "https://docs.docker.com/reference/dockerfile/#shell-and-exec-form";
    /// nginx: the time that it waits for a proxied server.
    NGINX_READ_TIMEOUT = "nginx: proxy_read_timeout",
        "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout";
    /// nginx: where requests go in uWSGI's protocol.
    NGINX_UWSGI_PASS = "nginx: uwsgi_pass",
        "https://nginx.org/en/docs/http/ngx_http_uwsgi_module.html#uwsgi_pass";
}
