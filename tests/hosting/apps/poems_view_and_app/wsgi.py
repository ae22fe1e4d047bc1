from poems import app as application, index  # noqa
