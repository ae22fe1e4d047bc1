"""Work that is too slow for a request.

A worker does it. Start one in the project's folder, and again whenever the code changes:

    python -m huey.bin.huey_consumer shop.tasks.huey
"""

from pathlib import Path

from huey import SqliteHuey
from huey.exceptions import TaskException

huey = SqliteHuey(filename=str(Path(__file__).with_name("tasks.db")))


@huey.task()
def report_task(year):
    from shop.reports import collect

    rows = collect(year)
    return {"rows": rows}


def job_status(job_id):
    """Tell what became of a job ("pending", "finished", "failed"), and its result."""
    try:
        result = huey.result(job_id, preserve=True)
    except TaskException:
        return "failed", None
    return ("pending" if result is None else "finished"), result
