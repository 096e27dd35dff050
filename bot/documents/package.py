"""One zip of everything an applicant needs: papers made of the answers, and the files that they attached."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

from pypdf import PdfReader, PdfWriter

from bot.documents.archive import entry, pour
from bot.documents.checklist import checklist
from bot.documents.filing import Enclosure, Filing, enclosures, templates
from bot.documents.letter import mail_text
from bot.documents.office import Office, Unconvertible
from bot.documents.readable import readable_copy
from bot.documents.safe import clean
from bot.documents.word import Opener, fill
from bot.render import render

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
_UNFIT = re.compile(r'[\\/:*?"<>|\s]+')  # what a file's name cannot hold on some system
_LONGEST = 60  # characters of a name: with its folder it fits the paths of every system
_PACKED = frozenset(
    {".docx", ".xlsx", ".pptx", ".pdf", ".jpg", ".png", ".gif", ".webp", ".mp3", ".mp4", ".mov", ".zip"}
)


@dataclass(frozen=True, slots=True)
class Packed:
    """What came of packing. `missing` are the attachments whose content is lost; `no_pdf` why there is no PDF."""

    missing: tuple[str, ...] = ()
    no_pdf: str = ""


@dataclass(frozen=True, slots=True)
class _Member:
    """A file of the package: its name, what it is, and where its content comes from."""

    name: str
    title: str
    content: bytes | Path | Enclosure


def write_package(filing: Filing, out: BinaryIO, *, open_file: Opener, office: Office, folder: Path) -> Packed:
    """Writes the package to `out`, which can be sought in. It blocks.

    Attachments are streamed from `open_file`. `folder` is an empty one for what is made on the way. The same filing
    gives the same bytes as long as PDF files are the same. Raises jinja2.TemplateError for a Word form that names what
    is no field.
    """
    attached = enclosures(filing)
    missing = [one for one in attached if not _is_there(one, open_file)]
    words = _words(filing, open_file, folder)
    pdfs, no_pdf = _pdfs(words, office, folder)
    kept = [one for one in attached if one not in missing]
    lost = tuple(one.name for one in missing)
    first = checklist(filing, missing=list(lost), pdf=not no_pdf)
    members = list(_members(filing, first, words, pdfs, kept))
    with ZipFile(out, "w") as archive:
        _Writer(archive, filing, open_file).write(members, lost, no_pdf)
    return Packed(lost, no_pdf)


def _is_there(one: Enclosure, open_file: Opener) -> bool:
    try:
        open_file(one.key).close()
    except (OSError, LookupError):
        return False
    return True


def _words(filing: Filing, open_file: Opener, folder: Path) -> list[tuple[str, Path]]:
    """The Word documents with their titles, the readable copy last."""
    made = [(form.title.get(filing.locale), fill(form, filing, open_file)) for form in templates(filing)]
    made.append((_say(filing, "name_copy"), readable_copy(filing)))
    found = []
    for number, (title, content) in enumerate(made):
        path = folder / f"{number}.docx"
        path.write_bytes(content)
        found.append((title, path))
    return found


def _pdfs(words: Sequence[tuple[str, Path]], office: Office, folder: Path) -> tuple[list[Path], str]:
    """The same as PDF files; empty, and why, where they cannot be made."""
    try:
        return office.convert([path for _title, path in words], folder), ""
    except Unconvertible as error:
        return [], str(error)


def _members(
    filing: Filing,
    first: bytes,
    words: Sequence[tuple[str, Path]],
    pdfs: Sequence[Path],
    attached: Sequence[Enclosure],
) -> Iterator[_Member]:
    """Everything in its order, with numbered names: what to read first comes first."""
    found: list[tuple[str, str, bytes | Path | Enclosure]] = [(_say(filing, "name_checklist"), ".docx", first)]
    found += [(title, ".docx", path) for title, path in words]
    if pdfs:
        found.append((words[-1][0], ".pdf", _joined(pdfs[-1:])))
    if len(pdfs) > 1:
        found.append((_say(filing, "name_print"), ".pdf", _joined(pdfs[:-1])))
    names = [f"{one.field.label.get(filing.locale)} {one.name.rpartition('.')[0] or one.name}" for one in attached]
    kinds = [f".{one.kind}" for one in attached]
    numbers = len(found) + (1 if filing.papers.mail else 0)
    files = [
        (_name(numbers + place, name, kind), one)
        for place, (name, kind, one) in enumerate(zip(names, kinds, attached, strict=True), 1)
    ]
    if mail := filing.papers.mail:
        forms = [_name(place, title, ".docx") for place, (title, _path) in enumerate(words[:-1], 2)]
        text = mail_text(filing, mail, [*forms, *(name for name, _one in files)])
        # Windows' own editors take it for UTF-8 by the mark, and want its line ends.
        found.append((_say(filing, "name_mail"), ".txt", text.replace("\n", "\r\n").encode("utf-8-sig")))
    for number, (title, suffix, content) in enumerate(found, 1):
        yield _Member(_name(number, title, suffix), title, content)
    for name, one in files:
        yield _Member(name, one.field.label.get(filing.locale), one)


def _name(number: int, title: str, suffix: str) -> str:
    return f"{number:02d}-{_UNFIT.sub('_', clean(title))[:_LONGEST].strip('._')}{suffix}"


def _joined(pdfs: Sequence[Path]) -> bytes:
    """PDF files as one, without the time of making and the random number that the converter writes into them."""
    writer, made = PdfWriter(), BytesIO()
    for path in pdfs:
        writer.append(PdfReader(path), import_outline=False)
    writer.write(made)
    return made.getvalue()


class _Writer:
    """Writes members into the archive and keeps their digests."""

    def __init__(self, archive: ZipFile, filing: Filing, open_file: Opener) -> None:
        self._archive, self._filing, self._open = archive, filing, open_file
        self._sums: list[tuple[str, str]] = []

    def write(self, members: Sequence[_Member], missing: Sequence[str], no_pdf: str) -> None:
        """Writes the members, then what proves them."""
        listed = [self._add(member) for member in members]
        filing = self._filing
        manifest = {
            "programme": filing.programme.id,
            "receipt": filing.receipt,
            "version": filing.number,
            "form_version": filing.form_version,
            "submitted": filing.submitted_at.isoformat(),
            "created": filing.made_at.isoformat(),
            "officially_submitted": not filing.prepared_only,
            "pdf": no_pdf or "made",
            "missing": list(missing),
            "files": listed,
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
        self._add(_Member(MANIFEST, "", text.encode()))
        sums = "".join(f"{digest}  {name}\n" for name, digest in self._sums)
        self._archive.writestr(self._entry(SUMS), sums)

    def _add(self, member: _Member) -> Mapping[str, object]:
        with self._source(member.content) as source, self._archive.open(self._entry(member.name), "w") as target:
            digest, size = pour(source, target.write)
        self._sums.append((member.name, digest))
        return {"name": member.name, "title": member.title, "size": size, "sha256": digest}

    def _source(self, content: bytes | Path | Enclosure) -> BinaryIO:
        if isinstance(content, Enclosure):
            return self._open(content.key)
        return BytesIO(content) if isinstance(content, bytes) else content.open("rb")

    def _entry(self, name: str) -> ZipInfo:
        local = self._filing.made_at.astimezone(self._filing.programme.zone)
        return entry(f"{self._filing.receipt}/{name}", packed=Path(name).suffix in _PACKED, at=local.timetuple()[:6])


def _say(filing: Filing, block: str, **values: object) -> str:
    return render(f"documents.{block}", filing.locale, **values)
