"""A real Apache around a case's file: modules, one port of the loopback interface, everything else below the work folder."""

import pathlib
import shlex

MODULES = pathlib.Path("/usr/lib/apache2/modules")

FRAME = """\
ServerRoot {work}
ServerName site
PidFile {work}/tmp/apache.pid
DefaultRuntimeDir {work}/tmp
Mutex file:{work}/tmp
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule alias_module {modules}/mod_alias.so
LoadModule wsgi_module {modules}/mod_wsgi.so
Listen 127.0.0.1:{port}
ErrorLog /dev/stderr
StartServers 1
ThreadsPerChild 5
MaxRequestWorkers 5
ServerLimit 1
WSGISocketPrefix {work}/tmp/wsgi
<Directory {home}>
    Require all granted
</Directory>
Include {home}/{site}
"""


def command(work, home, site, port):
    """The command that serves the case's file `site`."""
    frame = work / "httpd.conf"
    frame.write_text(FRAME.format(work=work, home=home, site=site, port=port, modules=MODULES))
    return f"exec apache2 -f {shlex.quote(str(frame))} -D FOREGROUND"
