"""`laurel packs`: packs made from guides, tried, listed and checked. Loads knowledge alone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.typed import typed_lines
from knowledge.check import check_packs, pack_folders, waiting
from knowledge.errors import Mistake, PackError
from knowledge.folders import ENTRIES, PACKS, PAPERS, PROGRAMME, cache_folder
from knowledge.form import Form
from knowledge.loader import load_pack, load_programmes, load_topics
from knowledge.opening import load_packs

if TYPE_CHECKING:
    from knowledge.explaining import Explanation

packs = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)

Folder = Annotated[Path, typer.Argument(help="the folder of packs")]
_REMEMBERED = 3  # earlier messages that a follow-up may lean on


@packs.callback()
def _group() -> None:
    """Make, try, list and check packs."""


@packs.command()
def new(
    guide: Annotated[Path, typer.Argument(help="the guide: md, txt, html, docx or pdf")],
    id_: Annotated[str, typer.Option("--id", help="the programme's id; the file's name where it is left out")] = "",
    into: Annotated[Path, typer.Option(help="the folder of packs to write into")] = Path("packs"),
) -> None:
    """Makes a pack from a guide, with proposals for its editor. Never writes over another."""
    from knowledge.importing.pack import new_pack

    made = new_pack(guide, into, load_topics(), now=datetime.now(UTC), key=id_)
    print(f"{made.folder}: {made.title}")
    for name, marks in made.marks.items():
        print(f"  {name}: {marks} proposals to look at, marked “proposed”")
    print(f"  next: laurel packs check {into}; laurel packs try {made.folder.name} --packs {into}")


@packs.command("try")
def try_(
    key: Annotated[str, typer.Argument(metavar="ID", help="the programme that the conversation is about")],
    directory: Annotated[Path, typer.Option("--packs", help="the folder of packs")] = PACKS,
    now: Annotated[str, typer.Option(help="the clock, such as 2024-10-01T12:00+08:00")] = "",
) -> None:
    """Answers questions, typed or from a pipe, and shows why each answer was chosen."""
    from knowledge.explaining import Explainer

    library = load_packs(directory)
    chosen = library.find(key) if key not in library.programmes else library.programmes[key]
    if chosen is None:
        raise typer.BadParameter(f"{key}: known are {', '.join(library.programmes)}", param_hint="ID")
    explainer, history = Explainer(library, cache_folder()), list[str]()
    clock = _instant(now)
    for line in typed_lines():
        if not line.strip():
            continue
        found = explainer.ask(line, programme=chosen.id, history=history, now=clock or datetime.now(UTC))
        print("\n".join(_explained(line, found)), flush=True)
        history = [*history, line][-_REMEMBERED:]


@packs.command("list")
def list_packs(directory: Folder = PACKS) -> None:
    """Prints each programme with what its pack holds."""
    for programme in load_programmes(directory).values():
        stated = sum(not entry.not_stated for entry in programme.entries.values())
        form = "form" if programme.form else "no form"
        print(f"{programme.id}\t{programme.name.zh}\t{stated} topics of {len(programme.entries)}, {form}")


@packs.command()
def check(
    directory: Folder = PACKS,
    marks: Annotated[bool, typer.Option("--marks", help="print each proposal that waits for a look")] = False,
) -> None:
    """Names every mistake as file:line: key: message, and counts what waits for a look. Exits with 1 for mistakes."""
    mistakes = check_packs(directory)
    mistakes += [found for folder in pack_folders(directory) for found in _word_mistakes(folder)]
    for mistake in mistakes:
        print(mistake)
    for folder in pack_folders(directory):
        for note in _notes(folder, marks=marks):
            print(note)
    if mistakes:
        raise typer.Exit(1)
    print(f"{directory}: no mistake")


def _word_mistakes(folder: Path) -> Iterator[Mistake]:
    """What is wrong with the Word forms of a pack that loads."""
    if not (folder / PAPERS).is_file():
        return
    from bot.documents.word import find_mistake

    try:
        programme = load_pack(folder)
    except PackError:
        return  # its mistakes are told already
    for template in programme.papers.templates if programme.papers else ():
        if wrong := find_mistake(template, programme.form or Form("")):
            yield Mistake(str(template.file), 0, "", wrong)


def _notes(folder: Path, *, marks: bool) -> Iterator[str]:
    """What is no mistake and yet to do in a pack: proposals nobody has looked at, topics left undecided."""
    found = waiting(folder)
    if marks:
        yield from (f"note: {place}" for place in found)
    if found:
        counted = [(name, sum(Path(one.file).name == name for one in found)) for name in (PROGRAMME, ENTRIES)]
        told = ", ".join(f"{name} {count}" for name, count in counted if count)
        yield f"note: {folder}: {len(found)} proposals wait for a look ({told})"
    try:
        undecided = load_pack(folder).undecided
    except PackError:
        return  # its mistakes are told already
    if undecided:
        yield f"note: {folder}: {len(undecided)} topics are undecided"


def _explained(question: str, found: "Explanation") -> Iterator[str]:
    """An answer and what led to it, as lines of the terminal."""
    answer = found.answer
    verdict = f", {answer.verdict}" if answer.verdict else ""
    yield f"? {question}"
    yield from (f"  {line}" for line in answer.text.split("\n"))
    yield from (f"  · {offer.label}" for offer in answer.choices)
    yield f"  [{answer.status}{verdict}] {found.why}"
    yield f"  programme: {found.programme}"
    yield f"  topic: {answer.topic or 'none'}; nearest: " + ", ".join(
        f"{one.id} {score:.2f}" for one, score in found.ranked
    )
    yield from (f"  quote: 「{one.quote}」 ({one.section or 'no heading'})" for one in answer.citations)
    yield from (f"  fact: {fact}" for fact in found.facts)
    yield ""


def _instant(text: str) -> datetime | None:
    """The instant that --now names; None where it is left out."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no instant; write 2024-10-01T12:00+08:00", param_hint="--now") from None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)
