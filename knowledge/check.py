"""Checks of packs beyond loading: is every topic decided, does every fact that a reasoning needs have its form."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from knowledge import reasoning
from knowledge.errors import Mistake, PackError
from knowledge.loader import ENTRIES, GUIDE, PROGRAMME, TOPICS, load_pack, load_topics
from knowledge.programme import Programme, Topic
from knowledge.retrieval import NEEDS


def check_packs(directory: Path, topics: Path = TOPICS) -> list[Mistake]:
    """All mistakes of the packs in a folder and of the topics; empty where there are none."""
    found = list[Mistake]()
    try:
        known = load_topics(topics)
    except PackError as error:
        return error.mistakes
    found += _check_topics(known, topics)
    folders = sorted(path for path in directory.iterdir() if (path / GUIDE).is_file()) if directory.is_dir() else []
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
            found.append(
                Mistake(str(folder / PROGRAMME), 0, "id", f"{programme.id} is also the id of {ids[programme.id]}")
            )
        ids[programme.id] = folder.name
        found += _check_pack(folder, programme, known)
    return found


def _check_topics(topics: Sequence[Topic], directory: Path) -> list[Mistake]:
    """Reasonings and needs that do not exist, and asides without a reply."""
    found = []
    for topic in topics:
        if topic.reason and topic.reason not in reasoning.NAMES:
            found.append(Mistake(str(directory), 0, f"{topic.id}.reason", f"{topic.reason} is no reasoning"))
        if topic.needs and topic.needs not in NEEDS:
            found.append(Mistake(str(directory), 0, f"{topic.id}.needs", f"must be one of: {', '.join(NEEDS)}"))
        if not topic.lines:
            found.append(Mistake(str(directory), 0, topic.id, "has no lines"))
    return found


def _check_pack(folder: Path, programme: Programme, topics: Sequence[Topic]) -> list[Mistake]:
    """Topics that are undecided or unknown, and facts that no reasoning reads. A bare guide decides nothing."""
    if not programme.entries:
        return []
    file = str(folder / ENTRIES)
    known = {topic.id for topic in (*topics, *programme.topics) if topic.kind == "topic"}
    found = [
        Mistake(file, 0, topic, "is undecided: give it quotes, or list it under not_stated")
        for topic in sorted(known - set(programme.entries))
    ]
    found += [
        Mistake(file, 0, topic, "is no topic: describe it under ask, or mend its name")
        for topic in sorted(set(programme.entries) - known)
    ]
    return found + _check_facts(folder, programme)


def _check_facts(folder: Path, programme: Programme) -> list[Mistake]:
    """Facts whose value the reasoning cannot read."""
    found, file = [], str(folder / PROGRAMME)
    if (fact := programme.facts.get("released_after")) is not None:
        try:
            date.fromisoformat(str(fact.value))
        except ValueError:
            found.append(Mistake(file, 0, "facts.released_after", "must be a date such as 2022-01-01"))
    for key in ("file_minimum", "file_maximum"):
        size = programme.facts.get(key)
        if size is not None and reasoning.bytes_of(size) is None:
            found.append(Mistake(file, 0, f"facts.{key}", "must be a size such as 150K or 3M"))
    return found
