"""The settings of gunicorn: the classes of its `config.py`, read as a syntax tree and never run."""

from __future__ import annotations

import ast

from source import Archive
from table import Row

CONFIG = "gunicorn/config.py"
WORKERS = "gunicorn/workers/__init__.py"

# What a value is, by the function that checks it. A validator that is not here stops the generator.
KIND_OF_VALIDATOR = {
    "validate_bool": "flag",
    "validate_pos_int": "int",
    "validate_http2_window_size": "int",
    "validate_http2_stream_limit": "int",
    "validate_http2_frame_size": "int",
    "validate_string": "str",
    "validate_dict": "mapping",
    "validate_list_string": "str",
    "validate_list_of_existing_files": "file",
    "validate_list_of_files_or_patterns": "file",
    "validate_string_to_list": "list",
    "validate_string_to_addr_list": "list",
    "validate_class": "class",
    "validate_user": "user",
    "validate_group": "group",
    "validate_chdir": "dir",
    "validate_file": "file",
    "validate_file_exists": "file",
    "validate_hostport": "socket",
    "validate_statsd_address": "socket",
    "validate_post_request": "hook:4",
    "validate_ssl_version": "any",
    "validate_reload_engine": "choice:auto|poll|inotify",
    "validate_proxy_protocol": "choice:off|v1|v2|auto",
    "validate_http_protocols": "list",
    "validate_http2_cleartext": "choice:off|prior-knowledge|upgrade|both",
    "validate_header_map_behaviour": "choice:drop|refuse|dangerous",
    "validate_asgi_loop": "choice:auto|asyncio|uvloop",
    "validate_asgi_lifespan": "choice:auto|on|off",
    "validate_http_parser": "choice:auto|fast|python",
}

# What a validator of texts cannot tell.
KIND_OF_NAME = {
    "wsgi_app": "module",
    "config": "file",
    "bind": "socket",
    "pythonpath": "list",
    "paste": "file",
    "django_settings": "str",
    "pidfile": "path",
    "accesslog": "path",
    "errorlog": "path",
    "worker_tmp_dir": "dir",
    "tmp_upload_dir": "dir",
    "logconfig": "file",
    "logconfig_json": "file",
    "keyfile": "file",
    "certfile": "file",
    "ca_certs": "file",
    "control_socket": "path",
    "syslog_addr": "socket",
    "raw_env": "mapping",
    "raw_paste_global_conf": "mapping",
    "loglevel": "choice:debug|info|warning|error|critical",
    "protocol": "choice:http|uwsgi",
}

# Defaults that depend on the machine, as people would write them down.
DEFAULT_OF_NAME = {
    "bind": "127.0.0.1:8000, or 0.0.0.0:$PORT",
    "workers": "1, or $WEB_CONCURRENCY",
    "forwarded_allow_ips": "127.0.0.1,::1, or $FORWARDED_ALLOW_IPS",
    "chdir": "the folder in which gunicorn is started",
    "user": "the user who starts gunicorn",
    "group": "the group of the user who starts gunicorn",
    "syslog_addr": "udp://localhost:514",
    "cert_reqs": "ssl.CERT_NONE",
    "ssl_version": "chosen by Python",
    "control_socket": "gunicorn.ctl in $XDG_RUNTIME_DIR, or in ~/.gunicorn",
    "config": "./gunicorn.conf.py",
}

# Permissions, which people write as octal numbers.
MODES = ("umask", "control_socket_mode")


def options(archive: Archive) -> list[Row]:
    """All settings of a release."""
    tree = ast.parse(archive.files(CONFIG)[CONFIG])
    rows = []
    # Some classes stand under an `if`, so it is not enough to look at the top level.
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(isinstance(b, ast.Name) and b.id == "Setting" for b in node.bases):
            rows.append(setting(node))
    return rows


def workers(archive: Archive) -> list[Row]:
    """The worker classes that a release knows by a short name."""
    tree = ast.parse(archive.files(WORKERS)[WORKERS])
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            names += [key.value for key in node.value.keys if isinstance(key, ast.Constant)]
        # One that is only there in some versions of Python is added to the dictionary.
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            key = node.targets[0].slice
            names += [key.value] if isinstance(key, ast.Constant) else []
    return [Row(name, "class", group="workers") for name in sorted(set(names))]


def setting(node: ast.ClassDef) -> Row:
    given = {
        target.id: statement.value
        for statement in node.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    name = literal(given["name"])
    action = literal(given.get("action"))
    repeats = "*" if action == "append" else ""
    return Row(
        name,
        kind(name, given) + repeats,
        argument(action, literal(given.get("nargs"))),
        default(name, given.get("default")),
        literal(given["section"]),
        tuple(literal(given.get("cli")) or ()),
    )


def literal(node: ast.expr | None):  # noqa: ANN201
    """The value of a constant, a list or a tuple of constants; None for anything else."""
    try:
        return ast.literal_eval(node) if node is not None else None
    except ValueError:
        return None


def kind(name: str, given: dict[str, ast.expr]) -> str:
    if name in KIND_OF_NAME:
        return KIND_OF_NAME[name]
    validator = given.get("validator")
    if name in MODES:
        return "mode"
    if isinstance(validator, ast.Call):
        return f"hook:{literal(validator.args[0])}"
    if isinstance(validator, ast.Name) and validator.id in KIND_OF_VALIDATOR:
        return KIND_OF_VALIDATOR[validator.id]
    raise SystemExit(f"gunicorn: nobody knows what {ast.unparse(validator) if validator else 'nothing'} checks ({name})")


def argument(action: str | None, count: str | None) -> str:
    if action in ("store_true", "store_false", "store_const"):
        return "none"
    return "optional" if count == "?" else "required"


def default(name: str, node: ast.expr | None) -> str:
    if name in DEFAULT_OF_NAME:
        return DEFAULT_OF_NAME[name]
    if node is None or isinstance(node, ast.Call):
        return ""
    if isinstance(node, ast.BinOp):
        # A size is written as a product of numbers.
        return str(eval(compile(ast.Expression(node), "default", "eval"), {"__builtins__": {}}))  # noqa: S307
    value = literal(node)
    if name in MODES and isinstance(value, int):
        return oct(value)
    if value is None:
        return "" if isinstance(node, ast.Constant) else ast.unparse(node)
    return value if isinstance(value, str) else ast.unparse(node)
