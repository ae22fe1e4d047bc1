"""The arguments of waitress-serve, which are those of `waitress.serve` with hyphens, and some of its own."""

from __future__ import annotations

import ast

from source import Archive
from table import Row

FILES = r"(src/)?waitress/(adjustments|runner)\.py"

KIND_OF_CONVERTER = {
    "str": "str", "int": "int", "asbool": "flag", "asoctal": "mode", "aslist": "list*", "asset": "list",
    "str_iftruthy": "str", "slash_fixed_str": "str", "as_socket_list": "any",
}
KIND_OF_NAME = {"listen": "socket*", "unix_socket": "path"}
# These can only be given to the function.
NOT_ON_A_COMMAND_LINE = ("sockets",)
OF_THE_RUNNER = (Row("call", "flag", "none", flags=("--call",)), Row("help", "flag", "none", flags=("--help",)))


def options(archive: Archive) -> list[Row]:
    """All arguments of a release."""
    files = archive.files(FILES)
    tree = ast.parse(next(text for path, text in files.items() if path.endswith("adjustments.py")))
    body = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Adjustments").body
    given = {
        target.id: statement.value
        for statement in body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    rows = list(OF_THE_RUNNER)
    for pair in given["_params"].elts:  # type: ignore[attr-defined]
        name, converter = pair.elts[0].value, ast.unparse(pair.elts[1])
        if name in NOT_ON_A_COMMAND_LINE:
            continue
        kind = KIND_OF_NAME.get(name) or KIND_OF_CONVERTER[converter]
        long = "--" + name.replace("_", "-")
        flags = (long, long.replace("--", "--no-", 1)) if kind == "flag" else (long,)
        initial = default(given.get(name))
        if kind == "mode":
            initial = oct(int(initial)).removeprefix("0o")
        rows.append(Row(name, kind, "none" if kind == "flag" else "required", initial, flags=flags))
    return rows


def default(node: ast.expr | None) -> str:
    """The value of a constant, also of one in a marker's brackets."""
    if isinstance(node, ast.Call) and len(node.args) == 1:
        node = node.args[0]
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(node, ast.BinOp) and all(isinstance(n, (ast.BinOp, ast.Constant, ast.operator)) for n in ast.walk(node)):
        value = eval(compile(ast.Expression(node), "default", "eval"), {"__builtins__": {}})  # noqa: S307
    return "" if value is None else str(value)
