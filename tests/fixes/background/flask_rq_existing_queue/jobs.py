from redis import Redis
from rq import Queue

reports = Queue("reports", connection=Redis())
