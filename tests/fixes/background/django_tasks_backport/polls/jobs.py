from django_tasks import task


@task()
def clean_up():
    """Throw old votes away."""
