import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.results import Results
from dramatiq.results.backends import RedisBackend

broker = RedisBroker()
broker.add_middleware(Results(backend=RedisBackend()))
dramatiq.set_broker(broker)


@dramatiq.actor
def clean_up():
    """Throw old carts away."""
