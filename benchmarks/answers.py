"""What an answer costs: time a question, time until ready, memory (`make bench-answers`).

python -m benchmarks.answers [--questions FILE]
"""

import argparse
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.eval import QUESTIONS, asked
from knowledge.folders import PACKS
from knowledge.library import Library
from knowledge.loader import load_programmes, load_topics
from knowledge.opening import load_packs

NOW = datetime(2024, 10, 1, 4, tzinfo=UTC)
ROUNDS = 20
READY = """
import time; start = time.perf_counter()
from bot.cli.ask import load_packs
load_packs(forms=False).warm(); print((time.perf_counter() - start) * 1000)
from benchmarks.answers import peak; print(peak())
"""


def peak() -> float:
    """The most memory in MB that this process has held. What getrusage says includes the parent's before exec."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))


def times(path: Path) -> tuple[list[float], list[float]]:
    """The milliseconds of each answer by the wall's clock and of the processor, sorted; each is asked several times."""
    library = load_packs()
    library.warm()
    wall, processor = [], []
    for _ in range(ROUNDS):
        for row in asked(path):
            start, begun = time.perf_counter(), time.thread_time()
            library.ask(row["q"], programme=row.get("programme"), now=NOW)
            processor.append((time.thread_time() - begun) * 1000)
            wall.append((time.perf_counter() - start) * 1000)
    return sorted(wall), sorted(processor)


def ready() -> tuple[float, float]:
    """Milliseconds until a fresh process has answered nothing yet but could, and its memory in MB."""
    best = min(
        tuple(map(float, subprocess.check_output([sys.executable, "-c", READY], text=True).split())) for _ in range(5)
    )
    return best[0], best[1]


def built() -> float:
    """Seconds that the model takes to build."""
    start = time.perf_counter()
    Library(load_programmes(PACKS), load_topics()).warm()
    return time.perf_counter() - start


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    for name, found in zip(("a question", "its CPU time"), times(parser.parse_args().questions), strict=True):
        print(f"{name:12} p50 {found[len(found) // 2]:.2f} ms   p99 {found[int(len(found) * 0.99)]:.2f} ms")
    took, memory = ready()
    print(f"ready        {took:.0f} ms   {memory:.0f} MB")
    print(f"model built  {built():.1f} s   ({peak():.0f} MB)")


if __name__ == "__main__":
    main()
