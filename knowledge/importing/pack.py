"""A new pack from a guide's file: guide.md, and programme.yaml and topics.yaml as proposals for its editor."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from knowledge.folders import ENTRIES, GUIDE, PROGRAMME, cache_folder
from knowledge.importing import guide as guides
from knowledge.importing.cleaning import clean
from knowledge.importing.lines import refusal
from knowledge.importing.naming import safe_id
from knowledge.importing.programme import propose_programme
from knowledge.importing.proposal import MARKED, said
from knowledge.importing.reading import read_guide
from knowledge.importing.topics import propose_topics
from knowledge.library import Library
from knowledge.loader import load_pack
from knowledge.programme import Topic
from knowledge.writer import write_yaml

_PROGRAMME_HEAD = """One edition of the programme, proposed from guide.md.
Look at each line marked "proposed"; mend it or not, then delete the mark. Quotes are sentences of guide.md."""
_TOPICS_HEAD = """What the guide says of each topic, proposed by asking guide.md each topic's questions.
Look at each mark, mend the quotes, say the point in zh and en where one line helps, then delete the mark.
A topic is answered by its quotes, told to be missing under not_stated, or left for later under undecided."""


@dataclass(frozen=True, slots=True)
class Made:
    """A pack that was written: its folder, and how many proposals each of its files holds."""

    folder: Path
    title: str
    marks: dict[str, int]


def new_pack(source: Path, packs: Path, topics: Sequence[Topic], *, now: datetime, key: str = "") -> Made:
    """Writes a pack into the folder of packs: whole, or not at all, and never over another.

    `key` is its id; the file's name where empty. Raises PackError with what is wrong with the file or the id.
    """
    read = read_guide(source)
    title, lines = guides.title_of(clean(read), read.title, source.stem)
    if not lines:
        raise refusal(source, "holds nothing but a title; give the guide's text")
    key = safe_id(key, source, title)
    if (packs / key).exists():
        raise refusal(packs / key, "exists already and stays as it is; choose another name with --id")
    packs.mkdir(parents=True, exist_ok=True)
    # In a folder of its own inside the packs': the loader looks one level deep, so nothing half-written is read.
    with tempfile.TemporaryDirectory(prefix=".new-", dir=packs) as work:
        folder = Path(work) / key
        folder.mkdir()
        (folder / GUIDE).write_text(guides.markdown(title, lines), encoding="utf-8")
        _propose(folder, title, topics, now)
        load_pack(folder)
        marks = {name: _marks(folder / name) for name in (PROGRAMME, ENTRIES)}
        if (packs / key).exists():
            raise refusal(packs / key, "exists already and stays as it is; choose another name with --id")
        shutil.move(folder, packs / key)
    return Made(packs / key, title, marks)


def _propose(folder: Path, title: str, topics: Sequence[Topic], now: datetime) -> None:
    """Writes programme.yaml and topics.yaml beside a guide.md."""
    sentences = said(load_pack(folder).passages)
    values = propose_programme(folder.name, title, sentences)
    (folder / PROGRAMME).write_text(write_yaml(values, _PROGRAMME_HEAD), encoding="utf-8")
    programme = load_pack(folder)
    library = Library({programme.id: programme}, topics, cache_folder())
    found = propose_topics(library, programme, topics, now)
    (folder / ENTRIES).write_text(write_yaml(found, _TOPICS_HEAD), encoding="utf-8")


def _marks(path: Path) -> int:
    """How many proposals a file holds."""
    return len(MARKED.findall(path.read_text(encoding="utf-8")))
