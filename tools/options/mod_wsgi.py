"""The directives of mod_wsgi, the options that they take, and the command line of mod_wsgi-express."""

from __future__ import annotations

import ast
import re

from source import Archive, arguments, block, string, without_comments
from table import Row

SERVER = r"src/server/[^/]+\.c"
EXPRESS = r"src/(express/options|server/__init__)\.py"

# Which places of a configuration a directive may stand in, by the name that Apache gives the set.
PLACES = {
    "RSRC_CONF": ("server", "virtual-host"),
    "ACCESS_CONF": ("directory",),
    "OR_FILEINFO": ("server", "virtual-host", "directory", "htaccess"),
    "OR_AUTHCFG": ("directory", "htaccess"),
    "OR_LIMIT": ("directory", "htaccess"),
}

# What a text is, where the function that takes it does not look.
KIND_OF_NAME = {
    "WSGIPythonHome": "dir", "WSGIPythonPath": "path-list", "WSGIPythonEggs": "dir", "WSGISocketPrefix": "path",
    "WSGICallableObject": "callable", "WSGIPythonOptimize": "choice:0|1|2", "WSGIPythonWarnings": "str*",
    "WSGISwitchInterval": "float", "WSGISlowRequests": "float", "WSGITelemetryService": "socket",
    "WSGIScriptAlias": "arguments*", "WSGIScriptAliasMatch": "arguments*", "WSGIDaemonProcess": "arguments*",
    "WSGIImportScript": "file*", "WSGIDispatchScript": "file", "WSGIHandlerScript": "file", "WSGIAccessScript": "file",
    "WSGIAuthUserScript": "file", "WSGIAuthGroupScript": "file", "WSGITrustedProxies": "list",
    "WSGITrustedProxyHeaders": "list", "WSGIRestrictProcess": "list", "WSGIPythonHashSeed": "str",
    "WSGITelemetryOptions": "list", "<WSGIInterpreterOptions": "arguments*",
    "WSGIFreeThreading": "flag", "WSGIPerInterpreterGIL": "flag", "WSGIRestrictStdin": "flag",
    "WSGIRestrictStdout": "flag", "WSGIRestrictSignal": "flag",
    "user": "user", "group": "group", "socket-user": "user", "script-user": "user", "script-group": "group",
    "supplementary-groups": "list", "python-home": "dir", "python-path": "path-list", "python-eggs": "dir",
    "callable-object": "callable", "memory-limit": "size", "virtual-memory-limit": "size", "stack-size": "size",
    "home": "dir", "chroot": "dir",
}

# What holds as long as nobody says anything.
DEFAULT_OF_NAME = {
    "WSGICallableObject": "application", "callable-object": "application", "WSGIApplicationGroup": "%{RESOURCE}",
    "WSGIProcessGroup": "%{GLOBAL}", "WSGIScriptReloading": "On", "WSGIRestrictSignal": "On",
    "WSGIRestrictStdin": "Off", "WSGIRestrictStdout": "Off", "WSGIPassAuthorization": "Off",
    "WSGIErrorOverride": "Off", "WSGIChunkedRequest": "Off", "WSGIEnableSendfile": "Off", "WSGIPythonOptimize": "0",
    "WSGIMapHEADToGET": "Auto", "WSGIRestrictEmbedded": "Off", "WSGISocketRotation": "On",
    "WSGIDestroyInterpreter": "On", "WSGIDontWriteBytecode": "Off", "WSGIFreeThreading": "Off",
    "WSGIPerInterpreterGIL": "Off", "processes": "1", "threads": "15",
    "shutdown-timeout": "5", "deadlock-timeout": "300", "graceful-timeout": "15", "connect-timeout": "15",
    "queue-timeout": "0", "request-timeout": "0", "inactivity-timeout": "0", "maximum-requests": "0",
    "startup-timeout": "0", "listen-backlog": "100",
}

# The functions that read the options after a directive's own arguments, by the group of these options.
OPTION_READERS = {"wsgi_add_daemon_process": "daemon", "wsgi_add_script_alias": "script"}


def options(archive: Archive) -> list[Row]:
    """All directives (`server`, `directory` ...), then the options of daemon processes (`daemon`) and scripts (`script`).

    The two kinds of options carry a prefix, because some are called alike.
    """
    code = "\n".join(without_comments(text) for _, text in sorted(archive.files(SERVER).items()))
    rows = directives(code)
    for reader, group in OPTION_READERS.items():
        rows += reader_options(function(code, reader), group)
    return rows


def directives(code: str) -> list[Row]:
    found: dict[str, Row] = {}
    for match in re.finditer(r"\bAP_INIT_(\w+)\s*\(", code):
        end = closing(code, match.end())
        cells = arguments(code[match.end() : end])
        name = string(cells[0])
        if not name.lstrip("</").startswith("WSGI") or name in found:
            continue
        body = function(code, cells[1])
        places = [place for word in re.findall(r"\w+", cells[3]) for place in PLACES.get(word, ())]
        if "GLOBAL_ONLY" in body or "NOT_IN_VIRTUALHOST" in body:
            places = [place for place in places if place != "virtual-host"]
        found[name] = Row(
            name.lstrip("<"),
            KIND_OF_NAME.get(name) or kind(body),
            "required",
            DEFAULT_OF_NAME.get(name, ""),
            ",".join(dict.fromkeys(places)),
            (match[1],),
        )
    return list(found.values())


def reader_options(body: str, group: str) -> list[Row]:
    """The options that a function compares a word with, and what it does with their values."""
    pieces = re.split(r'!?strcmp\s*\(\s*option\s*,\s*"([\w-]+)"\s*\)', body)
    rows = []
    for name, code in zip(pieces[1::2], pieces[2::2]):
        rows.append(
            Row(
                f"{group}:{name}",
                KIND_OF_NAME.get(name) or kind(code),
                "required",
                DEFAULT_OF_NAME.get(name, ""),
                group,
            )
        )
    return rows


def kind(code: str) -> str:
    """What a piece of C takes a text for."""
    words = re.findall(r'strcasecmp\s*\(\s*\w+\s*,\s*"(\w+)"', code)
    if {"On", "Off"} <= set(words):
        return "flag" if len(set(words)) == 2 else "choice:" + "|".join(sorted(set(words)))
    if re.search(r"strtol\s*\([^;]*,\s*8\s*\)", code):
        return "mode"
    if re.search(r"\b(atoi|apr_atoi64|strtol)\s*\(", code):
        return "int"
    return "float" if re.search(r"\b(atof|strtod)\s*\(", code) else "str"


def function(code: str, name: str) -> str:
    """The body of a C function, or nothing where it is not defined."""
    match = re.search(rf"^[\w *]*\b{re.escape(name)}\s*\([^;{{]*\)\s*\{{", code, flags=re.MULTILINE)
    return block(code, match.start()) if match else ""


def closing(code: str, start: int) -> int:
    """Where the bracket closes that was opened before `start`."""
    depth = 1
    for match in re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])+'|[()]").finditer(code, start):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if depth == 0:
            return match.start()
    return len(code)


def express(archive: Archive) -> list[Row]:
    """The options of mod_wsgi-express."""
    found: dict[str, Row] = {}
    for text in archive.files(EXPRESS).values():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("add_option", "optparse.make_option"):
                row = express_option(node)
                if row:
                    found.setdefault(row.name, row)
    return list(found.values())


def express_option(node: ast.Call) -> Row | None:
    words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    flags = [word for word in words if isinstance(word, str) and word.startswith("-")]
    long = [flag for flag in flags if flag.startswith("--")]
    if not long:
        return None
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    constants = {key: value.value for key, value in given.items() if isinstance(value, ast.Constant)}
    kinds = {"int": "int", "float": "float"}
    takes_nothing = str(constants.get("action", "")).startswith("store_")
    kind = "flag" if takes_nothing else kinds.get(str(constants.get("type")), "str")
    if isinstance(given.get("choices"), (ast.List, ast.Tuple)):
        kind = "choice:" + "|".join(ast.literal_eval(given["choices"]))
    default = constants.get("default")
    return Row(
        long[0].removeprefix("--"),
        kind + ("*" if constants.get("action") == "append" else ""),
        "none" if takes_nothing else "required",
        "" if default is None else str(default),
        "express",
        tuple(flags),
    )
