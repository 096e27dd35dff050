"""Laurel as its user starts it: a process with settings in its environment, which can be killed at any moment."""

import os
import queue
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

START_SECONDS = 30.0
_ADDRESS = re.compile(r"Chat page: (http://\S+?)/?$")
_INVITATION = re.compile(r"/join (\S+)")
# The same as `python -m bot`, without the pace of one message a second in a chat.
_ROOT = Path(__file__).parents[2]
_LAUREL = [sys.executable, "-m", "tests.e2e.paceless"]


class Server:
    """`laurel serve` in a folder of its own. `url` and `invitation` are what it printed at its last start."""

    def __init__(self, folder: Path, settings: Mapping[str, str], *, port: int = 0) -> None:
        self.folder = folder
        self.url = ""
        self.invitation = ""
        self._settings = dict(settings)
        self._port = port
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    @property
    def environment(self) -> dict[str, str]:
        """The environment of this server's processes."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LAUREL_")}
        return {**kept, "LAUREL_DATA_DIR": str(self.folder), "LAUREL_LOG_LEVEL": "WARNING", **self._settings}

    @property
    def database(self) -> Path:
        """Its SQLite file."""
        return self.folder / "laurel.db"

    def query(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Asks its database, or changes it behind its back."""
        with sqlite3.connect(self.database, timeout=10) as connection:
            rows = connection.execute(statement, values).fetchall()
        connection.close()
        return rows

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Runs another command of this Laurel to its end."""
        return subprocess.run(
            [*_LAUREL, *arguments],
            cwd=_ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=START_SECONDS,
        )

    def run_lines(self, lines: Sequence[str], *arguments: str) -> str:
        """Runs a command that reads a pipe: what it prints."""
        done = subprocess.run(
            [*_LAUREL, *arguments],
            cwd=_ROOT,
            env=self.environment,
            input="".join(f"{line}\n" for line in lines),
            capture_output=True,
            text=True,
            check=True,
            timeout=START_SECONDS,
        )
        return done.stdout

    def start(self) -> Self:
        """Starts it, and returns when it answers. The port stays the same over restarts."""
        environment = {**self.environment, "LAUREL_PORT": str(self._port)}
        self._log = (self.folder / "server.log").open("a", encoding="utf-8")
        self._process = subprocess.Popen(
            [*_LAUREL, "serve"],
            cwd=_ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self._lines = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(self._process, self._lines), daemon=True).start()
        self._await_address()
        self._port = int(self.url.rpartition(":")[2])
        return self

    def restart(self) -> None:
        """SIGKILL, and a new start."""
        self.kill()
        self.start()

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is said."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM, as a service manager does: the exit code."""
        return self._end(signal.SIGTERM)

    def log(self) -> str:
        """What it logged since its first start."""
        return (self.folder / "server.log").read_text("utf-8")

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def _end(self, number: signal.Signals) -> int:
        process = self._process
        if process is None:
            return 0
        process.send_signal(number)
        code = process.wait(START_SECONDS)
        if process.stdout is not None:
            process.stdout.close()
        self._log.close()
        self._process = None
        return code

    def _await_address(self) -> None:
        self.url = ""
        seen: list[str] = []
        while True:
            try:
                line = self._lines.get(timeout=START_SECONDS)
            except queue.Empty:
                raise AssertionError(f"no address after {START_SECONDS} s: {seen} {self.log()}") from None
            if not line:
                raise AssertionError(f"ended: {seen} {self.log()}")
            seen.append(line)
            if found := _ADDRESS.search(line.rstrip()):
                self.url = found[1]
            if found := _INVITATION.search(line):
                self.invitation = found[1]
            if line.startswith("Ready"):
                return

    @staticmethod
    def _read(process: subprocess.Popen[str], lines: "queue.SimpleQueue[str]") -> None:
        if process.stdout is None:
            return
        try:
            for line in process.stdout:
                lines.put(line)
        except ValueError:
            return
        finally:
            lines.put("")
