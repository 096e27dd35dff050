"""Word documents made into PDF by LibreOffice, where it is installed."""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

PROGRAMS = ("soffice", "libreoffice")
SECONDS = 12.0  # for all documents of a package together: a message is sent within twenty


class Unconvertible(Exception):
    """The converter is not there, took too long or failed. The message says which, in plain English."""


class Office:
    """Runs LibreOffice without a window, one at a time, with a profile of its own that nobody else's settings reach.

    `program` is its path; None: the one that is installed, "": none.
    """

    def __init__(self, *, program: str | None = None, seconds: float = SECONDS) -> None:
        installed = (found for name in PROGRAMS if (found := shutil.which(name)))
        self._program = next(installed, "") if program is None else program
        self._profile: Path | None = None
        self._seconds = seconds
        self._turn = threading.Lock()

    @property
    def available(self) -> bool:
        """Whether there is a converter."""
        return bool(self._program)

    def convert(self, documents: Sequence[Path], folder: Path) -> list[Path]:
        """The documents as PDF files of the same names in `folder`. It blocks. Raises Unconvertible."""
        if not self._program:
            raise Unconvertible("LibreOffice is not installed")
        if not self._turn.acquire(timeout=self._seconds):
            raise Unconvertible("LibreOffice is busy")
        try:
            self._run(documents, folder)
        finally:
            self._turn.release()
        made = [folder / f"{document.stem}.pdf" for document in documents]
        if not all(path.is_file() for path in made):
            raise Unconvertible("LibreOffice gave no PDF")
        return made

    def _run(self, documents: Sequence[Path], folder: Path) -> None:
        profile = self._own_profile()
        command = [
            self._program,
            f"-env:UserInstallation={profile.as_uri()}",
            *("--headless", "--norestore", "--nologo", "--convert-to", "pdf", "--outdir", str(folder)),
            *map(str, documents),
        ]
        environment = {"HOME": str(profile), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
        # LibreOffice starts children: all of them are in a group of their own and end together.
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(  # noqa: S603 - our own program and paths, no shell
                command, stdout=said, stderr=said, stdin=subprocess.DEVNULL, env=environment, start_new_session=True
            )
            try:
                if process.wait(self._seconds):
                    raise Unconvertible(f"LibreOffice ended with {process.returncode}")
            except subprocess.TimeoutExpired:
                raise Unconvertible(f"LibreOffice took more than {self._seconds:.0f} seconds") from None
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _own_profile(self) -> Path:
        """Made once: the second document is quicker. Two processes cannot share one; it goes when this one ends."""
        if self._profile is None:
            self._profile = Path(tempfile.mkdtemp(prefix="laurel-office-"))
            atexit.register(shutil.rmtree, self._profile, ignore_errors=True)
        return self._profile
