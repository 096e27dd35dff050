"""What making the package of a submission costs: a whole application with twelve rights and ten attachments of 2 MB."""

import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from bot.documents.filing import Filing
from bot.documents.office import Office
from bot.documents.package import write_package
from tests.fixtures.filings import Contents, make_answers, make_filing

ROUNDS = 5


def package_time() -> Iterator[str]:
    """The seconds of making one, without PDF files and with them; the first with them also starts LibreOffice."""
    contents = Contents()
    filing = make_filing(make_answers(contents, large=True))
    yield f"attachments              {len(contents.by_key)}: {sum(map(len, contents.by_key.values())) / 1e6:.1f} MB"
    yield from _timed("without PDF", Office(program=""), contents, filing)
    if Office().available:
        yield from _timed("with PDF", Office(seconds=60.0), contents, filing)
    else:
        yield "with PDF                 LibreOffice is not installed"


def _timed(name: str, office: Office, contents: Contents, filing: Filing) -> Iterator[str]:
    times, before = [], _peak()
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as out:
            start = perf_counter()
            packed = write_package(filing, out, open_file=contents.open, office=office, folder=Path(folder))
            times.append(perf_counter() - start)
            size = out.tell()
    took = f"first {times[0]:.2f} s, then {median(times[1:]):.2f} s   {size / 1e6:.1f} MB"
    told = f"   {packed.no_pdf}" if packed.no_pdf and office.available else ""
    yield f"{name:24} {took}, {_peak() - before:+.0f} MB memory{told}"


def _peak() -> float:
    """The most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
