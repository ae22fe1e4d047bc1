"""A terminal that nobody sees, in tmux: keys go in, the screen comes out as text and as a picture."""

import os
import pathlib
import re
import subprocess
import tempfile
import time

import common
from common import Failed

PATIENCE_SECONDS = 60
COLUMNS, ROWS = 120, 28


class Terminal:
    """Runs a command until the block is over."""

    def __init__(self, command: list[str], folder: pathlib.Path, variables: dict[str, str]):
        self.tmux = [common.program("tmux"), "-L", f"wsgi-ls-{os.getpid()}", "-f", "/dev/null"]
        self.command, self.folder, self.variables = command, folder, variables
        self.began = time.monotonic()

    def __enter__(self):
        environment = [f"{name}={value}" for name, value in (self.variables | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}).items()]
        size = ["-x", str(COLUMNS), "-y", str(ROWS)]
        self._tmux("new-session", "-d", *size, "-c", str(self.folder), "env", *environment, *self.command)
        return self

    def __exit__(self, *_):
        subprocess.run([*self.tmux, "kill-server"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run([*self.tmux, *arguments], capture_output=True, text=True, errors="replace")
        if done.returncode != 0:
            raise Failed(f"tmux {arguments[0]}: {done.stderr.strip()}")
        return done.stdout

    def text(self) -> str:
        return self._tmux("capture-pane", "-p")

    def has_ended(self) -> bool:
        """Whether the command is over, and tmux with it."""
        return subprocess.run([*self.tmux, "has-session"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0

    def press(self, *keys: str) -> None:
        """Presses keys by tmux's names, one after the other."""
        for key in keys:
            self._tmux("send-keys", key)

    def type(self, text: str, *keys: str) -> None:
        """Types text as it stands, then presses keys."""
        self._tmux("send-keys", "-l", text)
        self.press(*keys)

    def until(self, what: str, condition) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > end:
                raise Failed(f"waited {PATIENCE_SECONDS} s in vain for {what}\n--- the screen\n{'(ended)' if self.has_ended() else self.text()}")
            time.sleep(0.05)
        print(f"[{(time.monotonic() - self.began) * 1000:6.0f} ms] {what}", flush=True)

    def wait(self, text: str, what: str) -> None:
        """Waits until the text stands on the screen; it may be broken into lines there."""
        wanted = re.compile(r"\s+[│┃|]?\s*".join(map(re.escape, text.split())))
        self.until(what, lambda: wanted.search(self.text()))

    def picture(self, name: str) -> None:
        """A picture of the screen, when somebody asked for pictures."""
        folder = common.screenshots()
        if folder is None:
            return
        coloured = self._tmux("capture-pane", "-e", "-N", "-p")
        with tempfile.TemporaryDirectory(prefix="wsgi-ls-picture-", ignore_cleanup_errors=True) as top:
            page = pathlib.Path(top) / "screen.html"
            html = subprocess.run([common.program("aha"), "--black"], input=coloured, capture_output=True, text=True, check=True).stdout
            style = 'style="font:15px/18px DejaVu Sans Mono,monospace;margin:0;white-space:pre"'
            page.write_text(html.replace("<pre>", f"<pre {style}>").replace("</head>", "<style>body { margin: 8px }</style></head>"), encoding="utf-8")
            quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars", f"--user-data-dir={top}/profile"]
            size = f"--window-size={COLUMNS * 9 + 20},{ROWS * 18 + 16}"
            common.run_or_fail(
                [common.program("chromium"), *quiet, size, f"--screenshot={folder / name}.png", f"file://{page}"], "no picture"
            )
