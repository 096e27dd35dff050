"""`make bench`: turns a second, latency, CPU, memory and cold start, beside a plain echo bot in the same run."""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from benchmarks.bot_api import BotApi

WARM_UP, COUNTED, ROUNDS = 200, 1000, 3
QUESTION = "TR50 报名要钱吗"
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    api = BotApi()
    echo: list[float] = []
    laurel: list[float] = []
    cpu: dict[str, list[float]] = {"echo": [], "laurel": []}
    for number in range(ROUNDS):
        rate, used, _ = measure_bot(api, lambda: started_echo(api), ["你好"], 10**6 * (2 * number + 1))
        echo.append(rate)
        cpu["echo"].append(used)
        rate, used, rss = measure_bot(api, lambda: started_laurel(api), [QUESTION], 10**6 * (2 * number + 2))
        laurel.append(rate)
        cpu["laurel"].append(used)
    ratios = [ours / theirs for ours, theirs in zip(laurel, echo, strict=True)]
    print(f"plain echo bot, updates/s             {show(echo)}")
    print(f"Laurel, question turns/s              {show(laurel)}   (SQLite, one commit a turn, answer sent)")
    print(f"ratio                                 {show(ratios)}")
    print(f"CPU a turn, ms: echo                  {show(cpu['echo'])}")
    print(f"CPU a turn, ms: Laurel                {show(cpu['laurel'])}")
    print(f"memory of the serving process, MB     {rss:.0f}")
    print(f"cold start to answering, ms           {show([cold_start() for _ in range(ROUNDS)])}")
    with tempfile.TemporaryDirectory() as folder:
        for name, milliseconds in latencies(Path(folder)).items():
            p50, p99 = statistics.median(milliseconds), statistics.quantiles(milliseconds, n=100)[98]
            print(f"{name:<38}p50 {p50:.2f} ms, p99 {p99:.2f} ms, {1000 / statistics.mean(milliseconds):.0f}/s")


def show(values: list[float]) -> str:
    digits = 2 if max(values) < 100 else 0
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def measure_bot(
    api: BotApi, start: Callable[[], AbstractContextManager[int]], texts: list[str], chat: int
) -> tuple[float, float, float]:
    """(updates/s, CPU milliseconds an update, resident MB) of a bot that answers each update with one message."""
    with start() as pid:
        api.feed(texts * COUNTED, first_chat=chat)  # everybody has written before
        before = cpu_seconds(pid)
        seconds = api.feed(texts * COUNTED, first_chat=chat)
        return COUNTED / seconds, (cpu_seconds(pid) - before) / COUNTED * 1000, resident(pid)


@contextmanager
def started_echo(api: BotApi) -> Iterator[int]:
    with running([sys.executable, "-m", "benchmarks.echo", api.url], os.environ.copy()) as process:
        yield process.pid


@contextmanager
def started_laurel(api: BotApi | None) -> Iterator[int]:
    with tempfile.TemporaryDirectory() as folder:
        settings = {"LAUREL_DATA_DIR": folder, "LAUREL_PORT": "0", "LAUREL_LOG_LEVEL": "ERROR"}
        if api is not None:
            settings |= {
                "LAUREL_TELEGRAM_TOKEN": "1:bench",
                "LAUREL_TELEGRAM_API_BASE": api.url,
                "LAUREL_TELEGRAM_RATE": "100000",
            }
        with running([sys.executable, "-m", "bot", "serve"], {**os.environ, **settings}) as process:
            assert process.stdout is not None
            while not process.stdout.readline().startswith("Ready"):
                if process.poll() is not None:
                    raise RuntimeError("laurel serve ended")
            yield process.pid


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def cold_start() -> float:
    began = time.perf_counter()
    with started_laurel(None):
        return (time.perf_counter() - began) * 1000


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def latencies(folder: Path) -> dict[str, list[float]]:
    """Milliseconds of single turns, one after the other, in process: commit included, sending not."""
    from bot.app import Laurel
    from bot.channels.console import NAME, read
    from bot.settings import load

    laurel = Laurel.open(load(data_dir=folder), sends=(NAME,))

    async def turn(text: str, person: str) -> float:
        began = time.perf_counter()
        await laurel.turns.handle(read(text, person))
        return (time.perf_counter() - began) * 1000

    async def run() -> dict[str, list[float]]:
        for number in range(WARM_UP):
            await turn(QUESTION, f"w{number}")
        question = [await turn(QUESTION, f"q{number % 50}") for number in range(COUNTED)]
        form = []
        for number in range(COUNTED // 10):
            person = f"f{number}"
            for text in ("/apply tr50", "1", "1", "1", "某某科技有限公司"):
                took = await turn(text, person)
                form += [took] if text != "/apply tr50" else []
        return {"question turn in process": question, "form turn in process": form}

    try:
        return asyncio.run(run())
    finally:
        laurel.close()


if __name__ == "__main__":
    main()
