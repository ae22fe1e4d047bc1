import time

from .celery import queue


@queue.task
def send(to):
    time.sleep(3600)


@queue.task
def sweep():
    while True:
        send("everybody")
