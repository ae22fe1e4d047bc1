import warehouse  # noqa: F401
from lending import application
