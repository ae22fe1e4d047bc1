"""gunicorn's settings in the hosting test: it says when a worker has loaded the application."""


def post_worker_init(worker):
    """Called in `worker` when its application is loaded."""
    worker.log.info("application loaded by a worker")
