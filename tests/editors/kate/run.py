#!/usr/bin/env python3
"""Drives a real Kate on a screen that nobody sees: the finding arrives, the quick fix mends it, the file is saved.

    python3 tests/editors/kate/run.py --server target/debug/wsgi-ls

Kate, Xvfb and xdotool come from Debian. It is set up by the steps of editors/kate/README.md. It ends with 0 when everything was as it should be,
else with 1. WSGI_LS_SCREENSHOTS=FOLDER keeps pictures.
"""

import argparse
import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import common  # noqa: E402
from common import Failed  # noqa: E402
from readme import Readme  # noqa: E402

PATIENCE_SECONDS = 60
WIDTH, HEIGHT = 1100, 620
FIX = "Put `app.run()` under"

KATERC = """[General]
Days Meta Infos=0
Save Meta Infos=false
Startup Session=none

[lspclient]
AllowedServerCommandLines={starter} lsp
Diagnostics=true
DiagnosticsHighlight=true
DiagnosticsMark=true
"""


def until(what: str, condition):
    began = time.monotonic()
    while time.monotonic() < began + PATIENCE_SECONDS:
        found = condition()
        if found:
            print(f"{what}: after {time.monotonic() - began:.1f} s", flush=True)
            return found
        time.sleep(0.1)
    raise Failed(f"waited {PATIENCE_SECONDS} s in vain for {what}")


@contextlib.contextmanager
def screen(environment: dict[str, str]):
    """The name of an X display of our own."""
    read, write = os.pipe()
    # Without -noreset it starts anew whenever its last window is gone, and then lets nobody in for a moment.
    command = [common.program("Xvfb"), "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise Failed("Xvfb does not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def live_the_story(server: pathlib.Path) -> None:
    with common.workshop("kate") as (top, project), screen(dict(os.environ)) as display:
        talk = top / "talk.log"
        talk.touch()
        readme = Readme("kate")
        _, settings = readme.follow(top, server, common.private_home(top), recorded=talk)
        settings |= {"XDG_RUNTIME_DIR": str(top / "run"), "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        (top / "run").mkdir(mode=0o700)
        config = pathlib.Path(settings["XDG_CONFIG_HOME"])
        (config / "kate" / "lspclient").mkdir(parents=True)
        (config / "kate" / "lspclient" / "settings.json").write_text(readme.code("json"))
        session = pathlib.Path(settings["XDG_DATA_HOME"]) / "kate" / "anonymous.katesession"
        session.parent.mkdir(parents=True)
        session.write_text("[Kate Plugins]\nlspclientplugin=true\n")
        app = project / common.APP
        wanted = common.guarded(app.read_text(encoding="utf-8"))
        line = wanted.split("if __name__")[0].count("\n") + 1
        (project / ".git").mkdir()
        starter = top / "programs" / "wsgi-ls"
        # Kate asks before it starts a program for the first time; this is the answer.
        (config / "katerc").write_text(KATERC.format(starter=starter))
        environment = os.environ | settings
        command = [common.program("dbus-run-session"), "--", common.program("kate"), "-n", "-l", str(line), "-c", "3", str(app)]
        log = top / "kate.log"
        with open(log, "wb") as output:
            kate = subprocess.Popen(command, cwd=project, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
        try:
            drive(environment, talk, app, wanted)
        except Failed:
            print("--- Kate's log\n" + log.read_text(errors="replace")[-2000:] + "\n--- its talk\n" + talk.read_text()[-2000:])
            raise
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(kate.pid, signal.SIGTERM)
            kate.wait()
        common.assert_text(app, wanted)


def drive(environment: dict[str, str], talk: pathlib.Path, app: pathlib.Path, wanted: str) -> None:
    def xdotool(*arguments: str) -> str:
        done = subprocess.run([common.program("xdotool"), *arguments], env=environment, capture_output=True, text=True)
        return done.stdout

    def picture(name: str) -> None:
        folder = common.screenshots()
        if folder:
            subprocess.run([common.program("import"), "-window", "root", str(folder / f"{name}.png")], env=environment, check=True)

    def windows() -> set[str]:
        return set(xdotool("search", "--onlyvisible", "--class", "kate").split())

    window = until("Kate's window", lambda: xdotool("search", "--onlyvisible", "--name", app.name).split())[0]
    until("the finding", lambda: "server-started-at-import" in talk.read_text())
    # There is no window manager, so nobody else says where the window is and that it has the keyboard.
    xdotool("windowmove", "--sync", window, "0", "0")
    xdotool("windowsize", "--sync", window, str(WIDTH), str(HEIGHT))
    xdotool("windowfocus", "--sync", window)
    before = windows()
    xdotool("key", "alt+Return")
    until("the code actions", lambda: FIX in talk.read_text())
    # The menu is a window of its own.
    until("their menu", lambda: windows() - before)
    picture("kate-fix")
    xdotool("key", "Down", "Return")
    until("the fix in the buffer", lambda: "> textDocument/didChange" in talk.read_text())
    until("the menu to close", lambda: not windows() - before)
    xdotool("key", "ctrl+s")
    until("the file to be saved", lambda: common.holds(app, wanted))


def main() -> int:
    parser = argparse.ArgumentParser(description="Drives a real Kate with wsgi-ls.")
    parser.add_argument("--server", type=pathlib.Path, required=True, help="the wsgi-ls program to test")
    options = parser.parse_args()
    return common.tell(lambda: live_the_story(common.server_of(options)))


if __name__ == "__main__":
    sys.exit(main())
