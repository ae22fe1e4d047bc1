"""Apache with mod_wsgi in daemon mode, as its manual sets it up.

`mod_wsgi` is what most sites have: only Apache's own patience bounds a request. `mod_wsgi-express` has that program's limits, and a
log that tells why a process was stopped.
"""

import socket

MODULES = "/usr/lib/apache2/modules"
# The options of each kind of daemon beside those that every site gives; `limit` is the time for a request (seconds).
DAEMON = {
    "mod_wsgi": "",
    "mod_wsgi-express": "threads=1 request-timeout={limit} queue-timeout={limit} socket-timeout=30 shutdown-timeout=1",
}
LEVEL = {"mod_wsgi": "warn", "mod_wsgi-express": "warn wsgi:info"}


def free_port():
    """A port that nobody listens at, here and in a network of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command(work):
    """Apache's command line for a run in the folder `work`."""
    return ["/usr/sbin/apache2", "-DFOREGROUND", "-d", str(work), "-f", str(work / "apache.conf")]


def configuration(run, virtualenv, limit):
    """The configuration for `run`: Apache's own patience is `limit` seconds (300 by default)."""
    entry = run.home / run.app.entry
    options = DAEMON[run.host].format(limit=limit)
    patience = 60 if options else limit
    return f"""\
LoadModule mpm_event_module {MODULES}/mod_mpm_event.so
LoadModule authz_core_module {MODULES}/mod_authz_core.so
LoadModule wsgi_module {MODULES}/mod_wsgi.so
ServerName localhost
Listen 127.0.0.1:{run.port}
PidFile {run.work}/apache.pid
DefaultRuntimeDir {run.work}/tmp
ErrorLog {run.log}
LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{{Referer}}i\\" \\"%{{User-Agent}}i\\"" combined
LogLevel {LEVEL[run.host]}
CustomLog {run.access_log} combined
Timeout {patience}
StartServers 1
WSGISocketPrefix {run.work}/tmp/wsgi
WSGIDaemonProcess site python-home={virtualenv} python-path={run.home} home={run.home} {options}
WSGIScriptAlias / {entry} process-group=site application-group=%{{GLOBAL}}
<Directory {run.home}>
    Require all granted
</Directory>
"""
