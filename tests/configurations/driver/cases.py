"""The cases of a file: small projects with one configuration each, and what is expected of them."""

import dataclasses
import pathlib
import re

KINDS = ("healthy", "broken", "odd")
EVERYWHERE = "everywhere"


@dataclasses.dataclass
class Case:
    """One configuration among its project's files."""

    name: str
    server: str
    files: dict = dataclasses.field(default_factory=dict)
    kind: str = ""
    run: str = ""
    door: str = "app.sock"
    visits: list = dataclasses.field(default_factory=lambda: ["/"])
    says: list = dataclasses.field(default_factory=list)
    mends: str = ""

    def write(self, folder, ports, home):
        """Write the files as the host gets them: ports and the server's folder are replaced."""
        for path, text in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(localized(text, ports, home))

    def write_as_written(self, folder):
        """Write the files as their author wrote them, which is what wsgi-ls sees."""
        for path, text in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)


def localized(text, ports, home):
    """`127.0.0.1:8000` and `/srv/site`, as they are on this machine."""
    for written, real in ports.items():
        text = re.sub(rf"(?<=[:=]){written}\b", str(real), text)
    return text.replace("/srv/site", str(home))


def read(path):
    """The cases of a file; `=== name` begins one, `key: value` lines say how it is run, `--- path` begins a file."""
    cases, everywhere, body = [], {}, None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("=== "):
            cases.append(Case(line[4:], path.stem))
            body = None
        elif line.startswith("--- "):
            body = line[4:]
            cases[-1].files[body] = ""
        elif body is not None:
            cases[-1].files[body] += line + "\n"
        elif line.strip():
            key, _, value = line.partition(": ")
            set_key(cases[-1], key, value.strip(), f"{path.name}:{number}")
    for case in cases:
        if case.name == EVERYWHERE:
            everywhere = case.files
        # An empty line parts one case from the next.
        case.files = {name: text.rstrip("\n") + "\n" for name, text in {**everywhere, **case.files}.items()}
    cases = [case for case in cases if case.name != EVERYWHERE]
    for case in cases:
        if case.kind not in KINDS or not case.run:
            raise SystemExit(f"{path.name}: {case.name} needs a kind and a run")
    return cases


def set_key(case, key, value, place):
    """One line above a case's files."""
    if key == "says":
        rule, where = value.split()
        case.says.append((rule, where))
    elif key == "visits":
        case.visits = value.split()
    elif key == "mends":
        case.mends = value
    elif key in ("kind", "run", "door"):
        setattr(case, key, value)
    else:
        raise SystemExit(f"{place}: there is no `{key}`")


def load_all(words):
    """All cases whose server and name hold one of the words; all of them without words."""
    folder = pathlib.Path(__file__).resolve().parent.parent
    cases = [case for path in sorted(folder.glob("*.txt")) for case in read(path)]
    return [case for case in cases if not words or any(word in f"{case.server}: {case.name}" for word in words)]
