from sauna.cli import app as application
