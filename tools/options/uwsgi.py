"""The options of uWSGI: the tables of its core and of its plugins."""

from __future__ import annotations

import re

from source import Archive, arguments, block, string, without_comments
from table import Row

FILES = r"(core/(uwsgi|init)\.c|plugins/[^/]+/[^/]+\.(c|cc|m))"

# What a value is, by the function that takes it; a text where none is named.
KIND_OF_SETTER = {
    "uwsgi_opt_true": "flag",
    "uwsgi_opt_false": "flag",
    "uwsgi_opt_noop": "any",
    "uwsgi_opt_dyn_true": "flag",
    "uwsgi_opt_set_int": "int",
    "uwsgi_opt_set_rawint": "int",
    "uwsgi_opt_set_16bit": "int",
    "uwsgi_opt_set_64bit": "int",
    "uwsgi_opt_set_megabytes": "int",
    "uwsgi_opt_max_vars": "int",
    "uwsgi_opt_add_mules": "int",
    "uwsgi_opt_set_umask": "mode",
    "uwsgi_opt_chmod_socket": "mode",
    "uwsgi_opt_logfile_chmod": "mode",
    "uwsgi_opt_add_socket": "socket*",
    "uwsgi_opt_add_ssl_socket": "socket*",
    "uwsgi_opt_add_lazy_socket": "socket*",
    "uwsgi_opt_add_shared_socket": "socket*",
    "uwsgi_opt_add_socket_no_defer": "socket*",
    "uwsgi_opt_corerouter": "socket*",
    "uwsgi_opt_undeferred_corerouter": "socket*",
    "uwsgi_opt_https": "socket*",
    "uwsgi_opt_http_to_https": "socket*",
    "uwsgi_opt_add_string_list": "str*",
    "uwsgi_opt_add_string_list_custom": "str*",
    "uwsgi_opt_add_regexp_list": "str*",
    "uwsgi_opt_add_regexp_dyn_dict": "str*",
    "uwsgi_opt_add_route": "str*",
    "uwsgi_opt_add_daemon": "str*",
    "uwsgi_opt_add_daemon2": "str*",
    "uwsgi_opt_add_cron": "str*",
    "uwsgi_opt_add_cron2": "str*",
    "uwsgi_opt_add_unique_cron": "str*",
    "uwsgi_opt_add_dyn_dict": "mapping*",
    "uwsgi_opt_add_custom_option": "mapping*",
    "uwsgi_opt_set_env": "mapping*",
    "uwsgi_opt_unset_env": "str*",
    "uwsgi_opt_envdir": "dir*",
    "uwsgi_opt_static_map": "mapping*",
    "uwsgi_opt_check_static": "dir*",
    "uwsgi_opt_set_placeholder": "mapping*",
    "uwsgi_opt_pythonpath": "dir*",
    "uwsgi_opt_load_plugin": "list*",
    "uwsgi_opt_load_ini": "file*",
    "uwsgi_opt_load_xml": "file*",
    "uwsgi_opt_load_yml": "file*",
    "uwsgi_opt_load_json": "file*",
    "uwsgi_opt_load_config": "file*",
    "uwsgi_opt_load": "file*",
    "uwsgi_opt_ini_paste": "file*",
    "uwsgi_opt_config_py": "file*",
    "uwsgi_opt_add_spooler": "dir*",
    "uwsgi_opt_add_mule": "str*",
    "uwsgi_opt_add_farm": "str*",
    "uwsgi_opt_set_logger": "str*",
    "uwsgi_opt_set_req_logger": "str*",
    "uwsgi_opt_set_uid": "user",
    "uwsgi_opt_uid": "user",
    "uwsgi_opt_set_immediate_uid": "user",
    "uwsgi_opt_set_gid": "group",
    "uwsgi_opt_gid": "group",
    "uwsgi_opt_set_immediate_gid": "group",
    "uwsgi_opt_pidfile_signal": "file",
    "uwsgi_opt_setup_gevent": "int",
    "uwsgi_opt_setup_asyncio": "int",
    "uwsgi_opt_setup_tornado": "int",
    "uwsgi_opt_setup_coroae": "int",
    "uwsgi_opt_setup_goroutines": "int",
    "uwsgi_opt_logic": "block*",
}

# What the functions cannot tell, because they take any text. A name stands here with what its value is.
KIND_OF_NAME = {
    "module": "module", "wsgi": "module", "callable": "callable", "mount": "mount*", "eval": "str",
    "wsgi-file": "file", "file": "file", "paste": "str", "pecan": "file",
    "home": "dir", "virtualenv": "dir", "venv": "dir", "pyhome": "dir",
    "import": "module*", "pyimport": "module*", "py-import": "module*", "python-import": "module*",
    "shared-import": "module*", "shared-pyimport": "module*", "shared-py-import": "module*",
    "shared-python-import": "module*", "spooler-import": "module*", "spooler-pyimport": "module*",
    "spooler-py-import": "module*", "spooler-python-import": "module*",
    "chdir": "dir", "chdir2": "dir", "chroot": "dir", "pidfile": "path", "pidfile2": "path", "safe-pidfile": "path",
    "safe-pidfile2": "path", "logto": "path", "logto2": "path", "daemonize": "path", "daemonize2": "path",
    "log-maxsize": "size", "stats": "socket", "stats-server": "socket", "stats-minified": "flag",
    "include": "file*", "inherit": "file*", "emperor": "str*", "vassals-inherit": "file*", "vassals-include": "file*",
    "touch-reload": "file*", "touch-workers-reload": "file*", "touch-chain-reload": "file*", "py-auto-reload": "int",
    "fs-reload": "path*", "touch-logrotate": "file*", "touch-logreopen": "file*", "touch-exec": "str*",
    "static-index": "str*", "static-skip-ext": "str*", "check-static-docroot": "flag", "docroot": "dir",
    "mimefile": "file*", "mime-file": "file*", "log-format": "str", "master-fifo": "path*", "procname-prefix": "str",
    "socket-protocol": "choice:uwsgi|http|fastcgi|scgi", "protocol": "choice:uwsgi|http|fastcgi|scgi",
    "http-to": "socket*", "subscribe-to": "str*", "reload-signal": "str", "optimize": "choice:0|1|2",
    "spooler-chdir": "dir", "force-cwd": "dir", "plugins-dir": "dir*", "plugin-dir": "dir*", "metrics-dir": "dir",
    "py-executable": "path", "py-sys-executable": "path", "pyrun": "file", "py": "file", "python": "file",
    "python-raw": "file", "fallback-config": "file", "early-pyimport": "module*", "early-python-import": "module*",
    "emperor-stats": "socket", "emperor-stats-server": "socket", "http-stats": "socket", "http-stats-server": "socket",
    "http-ss": "socket", "error-page-403": "file*", "error-page-404": "file*", "error-page-500": "file*",
    "cron": "str*", "cron2": "str*", "chown-socket": "str", "pymodule-alias": "mapping*", "worker-mount": "mount*",
}


def options(archive: Archive) -> list[Row]:
    """All options that the sources of a release know, also those of plugins that few build."""
    return rows(archive.files(FILES))


def is_source(path: str) -> bool:
    """Whether a file of a checkout is one of those that hold options."""
    return re.fullmatch(FILES, path) is not None


def rows(files: dict[str, str]) -> list[Row]:
    """The same, from the texts of the files."""
    defaults = initial_values(files.get("core/init.c", ""))
    found: dict[str, Row] = {}
    # Options that write to the same place in the same way, and say so in the same words, are names of one thing.
    # The first is the one to explain.
    first: dict[tuple[str, ...], str] = {}
    for path in sorted(files):
        group = path.split("/")[1] if path.startswith("plugins/") else "core"
        code = without_comments(files[path])
        for match in re.finditer(r"struct\s+uwsgi_option\s+\w+\s*\[\s*\]\s*=", code):
            for entry in entries(block(code, match.end())):
                name, argument, shortcut, text, setter, target = entry
                if name in found:
                    continue
                target = "" if target in ("NULL", "0") else target.replace(" ", "")
                key = (group, setter, target, text, argument)
                found[name] = Row(
                    name,
                    kind(name, setter, argument),
                    argument.removesuffix("_argument").replace("no", "none"),
                    default(setter, target, argument, defaults),
                    group,
                    tuple(f"-{letter}" for letter in shortcut),
                    first.get(key, "") if setter != "uwsgi_opt_add_route" else "",
                )
                first.setdefault(key, name)
    return list(found.values())


def entries(table: str) -> list[tuple[str, str, str, str, str, str]]:
    """Name, kind of argument, letter, text, function and target of every entry of a table of options."""
    found = []
    at = table.find("{")
    while at >= 0:
        inner = block(table, at)
        cells = arguments(re.sub(r"^\s*#.*$", "", inner, flags=re.MULTILINE))
        if len(cells) >= 6 and string(cells[0]):
            letter = re.fullmatch(r"'(.)'", cells[2])
            found.append((string(cells[0]), cells[1], letter[1] if letter else "", string(cells[3]), cells[4], cells[5]))
        at = table.find("{", table.find(inner, at) + len(inner) if inner else at + 1)
    return found


def kind(name: str, setter: str, argument: str) -> str:
    if name in KIND_OF_NAME:
        return KIND_OF_NAME[name]
    if setter in KIND_OF_SETTER:
        return KIND_OF_SETTER[setter]
    if setter.startswith("uwsgi_logic_opt_") or name.startswith(("if-", "for-")):
        return "block*"
    return "flag" if argument == "no_argument" else "str"


def initial_values(init: str) -> dict[str, str]:
    """What uWSGI sets before it reads options: the number by the name of the field."""
    return dict(re.findall(r"^\s*(uwsgi\.\w+) = (-?[\d *+]+);", without_comments(init).split("uwsgi_setup_reload")[0], re.M))


def default(setter: str, target: str, argument: str, initial: dict[str, str]) -> str:
    field = target.removeprefix("&")
    if not field.startswith("uwsgi."):
        return ""
    value = initial.get(field, "0")
    if setter == "uwsgi_opt_true" and argument == "no_argument":
        return "false" if value == "0" else "true"
    # A number that starts as 0 mostly means "nobody said", and says nothing about what is done then.
    if value != "0" and setter in ("uwsgi_opt_set_int", "uwsgi_opt_set_64bit", "uwsgi_opt_set_16bit"):
        number = 1
        for factor in value.split("*"):
            if not re.fullmatch(r"\s*-?\d+\s*", factor):
                return ""
            number *= int(factor)
        return str(number)
    return ""
