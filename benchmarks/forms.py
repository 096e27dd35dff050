"""What filling in a form costs: a step of the dialog with few fields and with many, with few rows and with many.

python -m benchmarks.forms
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.packages import package_time
from benchmarks.uploads import upload_memory
from bot.flows import engine
from bot.flows.values import Input, Moment
from knowledge.form import Condition, Field, FieldType, Form, Option, Rule, Section
from knowledge.wording import Wording

SIZES = (10, 100, 500)
ROUNDS = 200
TURNS = 40
NEAR = 8  # rows before each size whose turns are counted
_MOMENT = Moment(datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai")), 2026)
_PER_SECTION = 20
_COLUMNS = ("name", "number", "holder", "day")

Measure = Callable[[], Iterator[str]]


def turn_cost() -> Iterator[str]:
    """The time at each size, and what it is of that at the smallest in the same run: of a step, and of a whole turn."""
    yield from step_cost()
    yield from whole_turn_cost()


def step_cost() -> Iterator[str]:
    """A step of the dialog alone."""
    cases: dict[str, Callable[[int], Callable[[], Any]]] = {
        "answer, fields": _answering,
        "begin, fields": _beginning,
        "answer in the last row": _row_answering,
    }
    for name, make in cases.items():
        steps = [make(size) for size in SIZES]
        yield _line(name, _interleaved(steps))


def whole_turn_cost() -> Iterator[str]:
    """A turn from the event to the commit on SQLite, sending not included."""
    with TemporaryDirectory() as folder:
        yield from asyncio.run(_turns(Path(folder)))


def _line(name: str, times: list[float]) -> str:
    shown = "  ".join(f"{size}: {time * 1e6:6.0f} µs" for size, time in zip(SIZES, times, strict=True))
    return f"{name:24} {shown}   x{times[-1] / times[0]:.1f}"


# Each measure gives its lines; others add theirs here.
MEASURES: tuple[Measure, ...] = (turn_cost, package_time, upload_memory)


def main() -> None:
    """Prints every measure."""
    for measure in MEASURES:
        print(measure.__name__)
        for line in measure():
            print(f"  {line}")


def _interleaved(steps: list[Callable[[], Any]]) -> list[float]:
    """The median time of each step. They take turns, so that whatever else the machine does hits all alike."""
    times: list[list[float]] = [[] for _ in steps]
    for _ in range(ROUNDS):
        for step, found in zip(steps, times, strict=True):
            start = perf_counter()
            step()
            found.append(perf_counter() - start)
    return [median(found) for found in times]


async def _turns(folder: Path) -> list[str]:
    """Jumps to a field and answers it, in forms half filled in; then fills a table row by row."""
    from bot.app import Laurel
    from bot.channels.console import NAME, read
    from bot.settings import load

    packs = folder / "packs"
    for name, fields in {**{f"form{size}": _plain_form(size) for size in SIZES}, "rows": _plain_table()}.items():
        (packs / name).mkdir(parents=True)
        (packs / name / "guide.md").write_text(f"# {name}\n\nA form.\n", encoding="utf-8")
        (packs / name / "form.yaml").write_text(json.dumps({"sections": fields}), encoding="utf-8")
    laurel = Laurel.open(load(data_dir=folder, packs_dir=packs), sends=(NAME,))

    async def say(person: str, text: str) -> float:
        began = perf_counter()
        await laurel.turns.handle(read(text, person))
        return perf_counter() - began

    try:
        for size in SIZES:
            for text in (f"/apply form{size}", *(f"answer {place}" for place in range(size // 2))):
                await say(f"f{size}", text)
        jumps: list[list[float]] = [[] for _ in SIZES]
        for number in range(TURNS):
            for size, found in zip(SIZES, jumps, strict=True):
                found.append(await say(f"f{size}", "goto 4"))
                found.append(await say(f"f{size}", f"another answer {number}"))
        cells: list[list[float]] = [[] for _ in SIZES]
        await say("rows", "/apply rows")
        for row in range(1, SIZES[-1] + 1):
            near = next((found for size, found in zip(SIZES, cells, strict=True) if size - NEAR < row <= size), [])
            near += [await say("rows", f"cell {row} {column}") for column in range(len(_COLUMNS))]
            await say("rows", "add")
        return [
            _line("turn, fields", [median(one) for one in jumps]),
            _line("turn in row", [median(one) for one in cells]),
        ]
    finally:
        laurel.close()


def _plain_form(size: int) -> list[Any]:
    fields = [{"key": f"f{place}", "type": "text", "label": _pair(f"Field {place}")} for place in range(size)]
    parts = [fields[start : start + _PER_SECTION] for start in range(0, size, _PER_SECTION)]
    return [{"key": f"s{place}", "title": _pair("Part"), "fields": part} for place, part in enumerate(parts)]


def _plain_table() -> list[Any]:
    columns = [{"key": key, "type": "text", "label": _pair(key), "required": True} for key in _COLUMNS]
    table = {"key": "table", "type": "table", "label": _pair("Rows"), "min_rows": 1, "columns": columns}
    return [{"key": "s", "title": _pair("Part"), "fields": [table]}]


def _pair(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def _answering(size: int) -> Callable[[], Any]:
    """Answers the field in the middle of a form whose first half is filled in."""
    form, answers = _form(size), _half(size)
    cursor = {"at": "field", "field": f"text{size // 2}"}
    return lambda: engine.answer(form, answers, cursor, Input(text="一个回答"), _MOMENT)


def _beginning(size: int) -> Callable[[], Any]:
    """Shows the same prompt again, as after a pause."""
    form, answers = _form(size), _half(size)
    cursor = {"at": "field", "field": f"text{size // 2}"}
    return lambda: engine.begin(form, answers, cursor, _MOMENT)


def _row_answering(rows: int) -> Callable[[], Any]:
    """Answers a column of the last row of a table."""
    columns = (*(_field(key) for key in _COLUMNS[:-1]), _field(_COLUMNS[-1], FieldType.DATE))
    form = Form("v1", (Section("s", _both("s"), (_field("table", FieldType.TABLE, columns=columns), _field("after"))),))
    filled = {"name": "一种方法", "number": "ZL 2024 1", "holder": "某公司", "day": "2024-10-20"}
    answers = {"table": [dict(filled) for _ in range(rows)]}
    cursor = {"at": "field", "field": "table", "row": rows - 1, "column": "name"}
    return lambda: engine.answer(form, answers, cursor, Input(text="另一种方法"), _MOMENT)


def _form(size: int) -> Form:
    """A form of so many fields: texts, and for every fifth a choice on which the next field hangs."""
    options = (Option("yes", _both("是")), Option("no", _both("否")))
    fields = []
    for place in range(size):
        when = (Condition(f"choice{place - 1}", ("yes",)),) if place % 5 == 1 and place > 1 else ()
        if place % 5 == 0 and place != size // 2:
            fields.append(_field(f"choice{place}", FieldType.CHOICE, options=options, required=True))
        else:
            rules = (Rule("at_least", "2", hard=False),)
            fields.append(_field(f"text{place}", when=when, max_chars=200, required=True, rules=rules))
    parts = [tuple(fields[start : start + _PER_SECTION]) for start in range(0, size, _PER_SECTION)]
    return Form("v1", tuple(Section(f"s{place}", _both("部分"), part) for place, part in enumerate(parts)))


def _half(size: int) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for place in range(size // 2):
        key, value = (f"choice{place}", "yes") if place % 5 == 0 else (f"text{place}", "一个已经写好的回答")
        answers[key] = value
    return answers


def _field(key: str, kind: FieldType = FieldType.TEXT, **values: Any) -> Field:
    return Field(key, kind, _both(key), **values)


def _both(text: str) -> Wording:
    return Wording(text, text)


if __name__ == "__main__":
    main()
