"""`laurel ask`: questions answered from the guides, one at a time or a file of them. Loads knowledge alone."""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from knowledge.folders import PACKS
from knowledge.library import Library
from knowledge.opening import load_packs
from knowledge.programme import Answer


def main(arguments: Sequence[str]) -> int:
    """Answers as the arguments say; the exit code is 0. Raises PackError for packs that do not load."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if bool(given.question) == bool(given.batch):
        parser.error("give a question, or --batch FILE")
    if given.batch not in {"", "-"} and not Path(given.batch).is_file():
        parser.error(f"there is no file {given.batch}")
    library = load_packs(given.packs, forms=False)
    chosen = library.find(given.programme) if given.programme else None
    if given.programme and chosen is None:
        parser.error(f"--programme: known are {', '.join(library.programmes)}")
    if given.question:
        row = {"q": given.question, "programme": chosen.id if chosen else None}
        answer, took = _timed(library, row, given.now)
        print(json.dumps(_object("", answer, took), ensure_ascii=False) if given.json else _readable(answer, library))
    elif given.batch == "-":
        _answer_all(library, sys.stdin, "standard input", given.now)
    else:
        with Path(given.batch).open(encoding="utf-8-sig", errors="replace") as lines:
            _answer_all(library, lines, given.batch, given.now)
    return 0


def _parser() -> argparse.ArgumentParser:
    """What `laurel ask` understands."""
    parser = argparse.ArgumentParser("laurel ask", description="Answers a question from the guides.")
    parser.add_argument("question", nargs="?", default="", help="the question; leave it out with --batch")
    parser.add_argument("--programme", default="", metavar="ID", help="the programme the conversation is about")
    parser.add_argument(
        "--batch", default="", metavar="FILE", help="questions, a JSON object a line; - is standard input"
    )
    parser.add_argument("--packs", type=Path, default=PACKS, metavar="DIR", help="the folder of packs")
    parser.add_argument("--now", type=instant, default=datetime.now(UTC), metavar="INSTANT", help="the clock")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    return parser


def instant(text: str) -> datetime:
    """The instant that --now names, such as 2024-10-01T12:00+08:00."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _answer_all(library: Library, lines: TextIO, name: str, now: datetime) -> None:
    """Prints the answer of each question; a line that is none is named on standard error and left out."""
    library.warm()
    for row in _rows(lines, name):
        answer, took = _timed(library, row, now)
        print(json.dumps(_object(row["id"], answer, took), ensure_ascii=False), flush=True)


def _rows(lines: TextIO, name: str) -> Iterator[Mapping[str, Any]]:
    """The questions of a file: objects with an id and a q."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            print(f"{name}:{number}: left out: {error}", file=sys.stderr)
            continue
        if isinstance(row, dict) and isinstance(row.get("id"), str) and isinstance(row.get("q"), str):
            yield row
        else:
            print(f"{name}:{number}: left out: not an object with the texts id and q", file=sys.stderr)


def _timed(library: Library, row: Mapping[str, Any], now: datetime) -> tuple[Answer, float]:
    """The answer to a row's question, and how many milliseconds it took."""
    history, programme = row.get("history"), row.get("programme")
    earlier = tuple(turn for turn in history if isinstance(turn, str)) if isinstance(history, list) else ()
    start = time.perf_counter()
    answer = library.ask(
        row["q"], programme=programme if isinstance(programme, str) else None, history=earlier, now=now
    )
    return answer, (time.perf_counter() - start) * 1000


def _object(key: str, answer: Answer, took: float) -> dict[str, Any]:
    """An answer as the batch prints it."""
    return {
        "id": key,
        "status": answer.status,
        "programme": answer.programme,
        "topic": answer.topic,
        "answer": answer.text,
        "verdict": answer.verdict,
        "citations": [
            {"programme": found.programme, "section": found.section, "quote": found.quote} for found in answer.citations
        ],
        "choices": [{"label": offer.label, "answer": offer.answer} for offer in answer.choices],
        "ms": round(took, 3),
    }


def _readable(answer: Answer, library: Library) -> str:
    """An answer with what one may choose from, for a person at the terminal."""
    if answer.status == "clarify":
        names = [f"  {programme.id}: {programme.name.zh}" for programme in library.programmes.values()]
        return "\n".join([answer.text, *names, "(--programme ID)"])
    return "\n".join([answer.text, *(f"\n{offer.label}\n{offer.answer}" for offer in answer.choices)])
