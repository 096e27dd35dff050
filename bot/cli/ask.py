"""`laurel ask`: questions answered from the guides, one at a time or a file of them. Loads knowledge alone."""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from knowledge.library import Library
from knowledge.loader import PACKS, load_packs
from knowledge.programme import Answer


def ask(
    question: Annotated[str, typer.Argument(help="the question; leave it out with --batch")] = "",
    programme: Annotated[str, typer.Option(help="the programme that the conversation is about")] = "",
    batch: Annotated[
        str, typer.Option(help="a file of questions, one JSON object a line; - reads standard input")
    ] = "",
    packs: Annotated[Path, typer.Option(help="the folder of packs")] = PACKS,
    now: Annotated[str, typer.Option(help="the instant to answer for, such as 2024-10-01T12:00+08:00")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="print the answer as JSON")] = False,
) -> None:
    """Answers a question from the guides, or says that they do not."""
    clock = _instant(now)
    if bool(question) == bool(batch):
        raise typer.BadParameter("give a question, or --batch FILE")
    if batch and batch != "-" and not Path(batch).is_file():
        raise typer.BadParameter(f"there is no file {batch}", param_hint="--batch")
    library = load_packs(packs)
    if programme and (found := library.find(programme)) is None:
        raise typer.BadParameter(f"known are: {', '.join(library.programmes)}", param_hint="--programme")
    chosen = found.id if programme and found else None
    if not batch:
        row = {"id": "", "q": question, "programme": chosen}
        answer, took = _timed(library, row, clock)
        print(json.dumps(_object("", answer, took), ensure_ascii=False) if as_json else _readable(answer, library))
    elif batch == "-":
        _answer_all(library, sys.stdin, "standard input", clock)
    else:
        with Path(batch).open(encoding="utf-8-sig", errors="replace") as lines:
            _answer_all(library, lines, batch, clock)


def _instant(text: str) -> datetime:
    """The instant that --now names; the present where it names none."""
    if not text:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("must be an instant such as 2024-10-01T12:00+08:00", param_hint="--now") from None
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
