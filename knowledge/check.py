"""Checks of packs beyond loading: is every topic decided, do facts, form and dates agree with what the guide says."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from knowledge import amounts, reasoning
from knowledge.errors import Mistake, PackError
from knowledge.folders import ENTRIES, GUIDE, PROGRAMME, TOPICS
from knowledge.form_check import check_form, named_days
from knowledge.importing.dates import Day
from knowledge.importing.proposal import MARKED
from knowledge.loader import load_pack, load_statements, load_topics, parse
from knowledge.programme import Programme, Quote, Topic
from knowledge.retrieval import NEEDS
from knowledge.text import fold

_ALIKE = 0.7  # of their trigrams


def check_packs(directory: Path, topics: Path = TOPICS) -> list[Mistake]:
    """All mistakes of the packs in a folder and of the topics; empty where there are none."""
    found = list[Mistake]()
    try:
        known = load_topics(topics)
        load_statements(topics, known)
    except PackError as error:
        return error.mistakes
    found += _check_topics(known, topics)
    folders = pack_folders(directory)
    if not folders:
        return [*found, Mistake(str(directory), 0, "", f"holds no pack (a folder with a {GUIDE})")]
    ids = dict[str, str]()
    for folder in folders:
        try:
            programme = load_pack(folder)
        except PackError as error:
            found += error.mistakes
            continue
        if programme.id in ids:
            found.append(_at(folder / PROGRAMME, "id", f"{programme.id} is also the id of {ids[programme.id]}"))
        ids[programme.id] = folder.name
        found += check_pack(folder, programme, known)
    return found


def pack_folders(directory: Path) -> list[Path]:
    """The packs of a folder, or the folder itself where it is a pack."""
    if (directory / GUIDE).is_file():
        return [directory]
    return sorted(path for path in directory.iterdir() if (path / GUIDE).is_file()) if directory.is_dir() else []


def check_pack(folder: Path, programme: Programme, topics: Sequence[Topic]) -> list[Mistake]:
    """The mistakes of one pack that loads."""
    return [
        *_check_entries(folder, programme, topics),
        *_check_facts(folder, programme),
        *_check_deadline(folder, programme),
        *_check_stages(folder, programme),
        *check_form(folder, programme),
    ]


def waiting(folder: Path) -> list[Mistake]:
    """The proposals of a pack that nobody has looked at yet: the place and the text of each mark."""
    return [
        Mistake(str(folder / name), number, "", line[match.start() + 1 :].strip())
        for name in (PROGRAMME, ENTRIES)
        if (folder / name).is_file()
        for number, line in enumerate((folder / name).read_text(encoding="utf-8-sig").splitlines(), 1)
        if (match := MARKED.search(line))
    ]


def _at(path: Path, key: str, message: str) -> Mistake:
    """A mistake at a key of a file, with the line of the key, or of the nearest one above it that is there."""
    node, line = parse(path), 0
    for part in key.split("."):
        name, _, place = part.partition("[")
        if not isinstance(node.value, dict) or name not in node.value:
            break
        node = node.value[name]
        if place and isinstance(node.value, list):
            node = node.value[int(place.rstrip("]"))]
        line = node.line
    return Mistake(str(path), line, key, message)


def _check_topics(topics: Sequence[Topic], directory: Path) -> list[Mistake]:
    """Reasonings and needs that do not exist, and asides without a reply."""
    found = []
    for topic in topics:
        if topic.reason and topic.reason.partition(":")[0] not in reasoning.NAMES:
            found.append(Mistake(str(directory), 0, f"{topic.id}.reason", f"{topic.reason} is no reasoning"))
        if topic.needs and topic.needs not in NEEDS:
            found.append(Mistake(str(directory), 0, f"{topic.id}.needs", f"must be one of: {', '.join(NEEDS)}"))
        if not topic.lines:
            found.append(Mistake(str(directory), 0, topic.id, "has no lines"))
        found += [
            Mistake(str(directory), 0, topic.id, f"{one} / {other}: hardly differ; keep one of them")
            for lines in _by_author(topic)
            for one, other in alike(lines)
        ]
    return found


def _by_author(topic: Topic) -> Iterator[tuple[str, ...]]:
    """A topic's lines by their authors: that two of them ask in the same words is no mistake."""
    others = {line for lines in topic.voices.values() for line in lines}
    yield tuple(line for line in topic.lines if line not in others)
    yield from topic.voices.values()


def _check_entries(folder: Path, programme: Programme, topics: Sequence[Topic]) -> Iterator[Mistake]:
    """Topics that are neither decided nor listed as undecided, and unknown ones. A bare guide decides nothing."""
    decided = {*programme.entries, *programme.undecided}
    if not decided:
        return
    file = folder / ENTRIES
    known = {topic.id for topic in (*topics, *programme.topics) if topic.kind == "topic"}
    for topic in sorted(known - decided):
        yield Mistake(
            str(file), 0, topic, "is undecided: give it quotes, or list it under not_stated, or under undecided"
        )
    for topic in sorted(decided - known):
        line = _at(file, f"topics.{topic}", "").line
        yield Mistake(str(file), line, topic, "is no topic: describe it under ask, or mend its name")


def _check_facts(folder: Path, programme: Programme) -> Iterator[Mistake]:
    """Facts whose value the reasoning cannot read."""
    file = folder / PROGRAMME
    if (fact := programme.facts.get("released_after")) is not None:
        try:
            date.fromisoformat(str(fact.value))
        except ValueError:
            yield _at(file, "facts.released_after", "must be a date such as 2022-01-01")
    for key in ("file_minimum", "file_maximum"):
        size = programme.facts.get(key)
        if size is not None and amounts.bytes_of(size) is None:
            yield _at(file, f"facts.{key}", "must be a size such as 150K or 3M")


def _named(quote: Quote | None, programme: Programme) -> list[Day]:
    return named_days(quote.text, programme) if quote else []


def _check_deadline(folder: Path, programme: Programme) -> Iterator[Mistake]:
    """The closing and the reminding instant, which must lie on a day that the quote names."""
    deadline, named = programme.deadline, _named(programme.deadline.quote, programme)
    if not named:
        return
    told = ", ".join(f"{day.year}-{day.month:02}-{day.day:02}" for day in named)
    for key, instant in (("closes_at", deadline.closes_at), ("remind_at", deadline.remind_at)):
        if instant is None:
            if key == "closes_at":
                yield _at(folder / PROGRAMME, "deadline.closes_at", f"is null, and its quote names {told}")
        elif not any(_on(instant, day, programme) for day in named):
            yield _at(folder / PROGRAMME, f"deadline.{key}", f"is {instant:%Y-%m-%dT%H:%M}, and its quote names {told}")


def _on(instant: datetime, day: Day, programme: Programme) -> bool:
    """Whether an instant lies on a day, its last midnight included."""
    start = datetime(day.year, day.month, day.day, tzinfo=programme.zone)
    return start <= instant <= start + timedelta(days=1)


def _check_stages(folder: Path, programme: Programme) -> Iterator[Mistake]:
    """The days of stages, which must be among those that their quotes name."""
    for place, stage in enumerate(programme.stages):
        named = {date(day.year, day.month, day.day) for day in _named(stage.quote, programme)}
        for key, day in (("starts", stage.starts), ("ends", stage.ends)):
            if named and day is not None and day not in named:
                told = ", ".join(str(one) for one in sorted(named))
                yield _at(folder / PROGRAMME, f"stages[{place}].{key}", f"is {day}, and its quote names {told}")


def alike(lines: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs of lines that share most of their character trigrams: they teach no more than one of them."""
    grams = [{line[i : i + 3] for i in range(len(line) - 2)} or {line} for line in map(fold, lines)]
    found = []
    for place, own in enumerate(grams):
        for other in range(place):
            shared = len(own & grams[other])
            if shared > _ALIKE * (len(own) + len(grams[other]) - shared):
                found.append((lines[place], lines[other]))
    return found
