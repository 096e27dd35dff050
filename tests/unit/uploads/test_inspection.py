import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from bot.uploads import archives, inspection
from bot.uploads.inspection import Inspected, inspect
from bot.uploads.kinds import KINDS
from bot.uploads.refusals import Refusal
from tests.fixtures.uploads import (
    OPAQUE,
    make_docx,
    make_office,
    make_ole,
    make_pdf,
    make_picture,
    make_zip,
    put,
)

SOUND = {
    **OPAQUE,
    "pdf": make_pdf(3),
    "docx": make_docx(),
    "xlsx": make_office("xlsx"),
    "pptx": make_office("pptx"),
    "doc": make_ole({"WordDocument": b"\xec\xa5"}),
    "xls": make_ole({"Workbook": b"\x09\x08\x10\x00" + b"\x00" * 16 + b"\x42\x00"}),
    "ppt": make_ole({"PowerPoint Document": b"\x0f\x00", "Current User": b"\x00" * 12 + b"\x5f\xc0\x91\xe3"}),
    "zip": make_zip({"方案.txt": b"plan", "report.docx": make_docx()}),
    "txt": "申报说明".encode(),
    **{kind: make_picture(kind) for kind in ("jpg", "png", "gif", "webp")},
}


def look(tmp_path: Path, content: bytes, name: str) -> Inspected | Refusal:
    return inspect(put(tmp_path, "content", content), name)


def test_every_kind_has_a_sample() -> None:
    assert set(SOUND) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_sound_file_is_taken(tmp_path: Path, kind: str) -> None:
    pages = 3 if kind == "pdf" else None
    width, height = (40, 30) if kind in {"jpg", "png", "gif", "webp"} else (None, None)
    expected = Inspected(f"材料.{kind}", kind, pages, width, height)
    assert look(tmp_path, SOUND[kind], f"材料.{kind}") == expected


@pytest.mark.parametrize(
    ("said", "kind", "content"),
    [(said, kind, SOUND[kind]) for said, kind in (("pdf", "png"), ("jpg", "png"), ("docx", "doc"), ("zip", "docx"))],
)
def test_wrong_type_under_a_right_ending_is_named(tmp_path: Path, said: str, kind: str, content: bytes) -> None:
    expected = Refusal("wrong_type", {"name": f"a.{said}", "said": said.upper(), "found": kind.upper()})
    assert look(tmp_path, content, f"a.{said}") == expected


@pytest.mark.parametrize("content", [b"MZ\x90\x00\x03" + b"\x00" * 60, b"<html></html>", b"\x00" * 50])
def test_something_else_under_a_right_ending_is_named(tmp_path: Path, content: bytes) -> None:
    assert look(tmp_path, content, "a.pdf") == Refusal("wrong_type", {"name": "a.pdf", "said": "PDF", "found": ""})


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("run.exe", b"MZ\x90\x00\x03" + b"\x00" * 60, "EXE"),
        ("IMG_1.HEIC", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 64, "HEIC"),
        ("notes.odt", make_zip({"mimetype": b"x"}), "ODT"),
        ("setup.msi", make_ole({"Installer": b""}), "MSI"),
        ("page.html", b"<html></html>", "HTML"),
        ("nameless", b"\x00\x01\x02", ""),
    ],
)
def test_type_that_is_not_taken_is_named(tmp_path: Path, name: str, content: bytes, found: str) -> None:
    kinds = tuple(kind.upper() for kind in KINDS)
    assert look(tmp_path, content, name) == Refusal("unknown_type", {"name": name, "found": found, "kinds": kinds})


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [("照片", "png", "照片.png"), ("照片.JPEG", "jpg", "照片.JPEG"), ("v1.2 final", "pdf", "v1.2 final.pdf")],
)
def test_name_gets_the_ending_that_it_lacks(tmp_path: Path, name: str, kind: str, shown: str) -> None:
    found = look(tmp_path, SOUND[kind], name)
    assert isinstance(found, Inspected)
    assert (found.name, found.kind) == (shown, kind)


@pytest.mark.parametrize("kind", ["pdf", "png", "docx", "txt"])
def test_empty_file_is_refused(tmp_path: Path, kind: str) -> None:
    assert look(tmp_path, b"", f"a.{kind}") == Refusal("empty", {"name": f"a.{kind}"})


@pytest.mark.parametrize("kind", ["jpg", "png", "gif", "webp"])
def test_picture_that_was_cut_is_damaged(tmp_path: Path, kind: str) -> None:
    whole = make_picture(kind, (400, 300))
    assert look(tmp_path, whole[: len(whole) // 2], f"a.{kind}") == Refusal("damaged", {"name": f"a.{kind}"})


@pytest.mark.parametrize("kind", ["docx", "zip", "doc"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_file_that_was_cut_is_damaged(tmp_path: Path, kind: str, share: float) -> None:
    whole = SOUND[kind]
    assert look(tmp_path, whole[: int(len(whole) * share)], f"a.{kind}") == Refusal("damaged", {"name": f"a.{kind}"})


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_pdf_that_was_cut_is_damaged(tmp_path: Path, share: float) -> None:
    whole = make_pdf(30)
    assert look(tmp_path, whole[: int(len(whole) * share)], "a.pdf") == Refusal("damaged", {"name": "a.pdf"})


def test_zip_with_a_changed_byte_is_damaged(tmp_path: Path) -> None:
    content = bytearray(make_zip({"a.txt": bytes(range(256)) * 8}))
    content[60] ^= 0xFF
    assert look(tmp_path, bytes(content), "a.zip") == Refusal("damaged", {"name": "a.zip"})


def test_pdf_with_a_password_is_named_as_locked(tmp_path: Path) -> None:
    assert look(tmp_path, make_pdf(password="lantern"), "a.pdf") == Refusal("encrypted", {"name": "a.pdf"})


def test_pdf_that_anybody_may_read_is_taken(tmp_path: Path) -> None:
    assert look(tmp_path, make_pdf(2, password=""), "a.pdf") == Inspected("a.pdf", "pdf", 2)


def _locked_zip() -> bytes:
    content = bytearray(make_zip({"a.txt": b"secret"}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        content[content.index(mark) + (6 if mark[2] == 3 else 8)] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", make_ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"})),
        ("a.doc", make_ole({"WordDocument": b"\xec\xa5" + b"\x00" * 9 + b"\x01"})),
        ("a.xls", make_ole({"Workbook": b"\x09\x08\x10\x00" + b"\x00" * 16 + b"\x2f\x00\x36\x00"})),
        (
            "a.xls",
            make_ole({"Workbook": b"\x09\x08\x10\x00" + b"\x00" * 16 + b"\x86\x00\x00\x00" + b"\x2f\x00\x36\x00"}),
        ),
        ("a.ppt", make_ole({"PowerPoint Document": b"x", "Current User": b"\x00" * 12 + b"\xdf\xc4\xd1\xf3"})),
        ("a.zip", _locked_zip()),
    ],
)
def test_file_with_a_password_is_named_as_locked(tmp_path: Path, name: str, content: bytes) -> None:
    assert look(tmp_path, content, name) == Refusal("encrypted", {"name": name})


_PPT_MACROS = b"\x02\x00\x00\x04\x0c\x00\x00\x00" + b"\x07\x00\x00\x00" + b"\x01\x00\x00\x00"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docm", SOUND["docx"]),
        ("a.docx", make_office("docx", {"word/vbaProject.bin": b"x"})),
        ("a.xlsx", make_office("xlsx", {"xl/VBAPROJECT.BIN": b"x"})),
        ("a.docx", make_office("docx", macros=True)),
        ("a.zip", make_zip({"inside/计算.xlsm": b"x"})),
        ("a.doc", make_ole({"WordDocument": b"\xec\xa5", "Macros": b"x"})),
        ("a.xls", make_ole({"Workbook": b"x", "_VBA_PROJECT_CUR": b"x"})),
        ("a.ppt", make_ole({"PowerPoint Document": _PPT_MACROS, "Current User": b"x"})),
    ],
)
def test_office_file_with_macros_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    assert look(tmp_path, content, name) == Refusal("macros", {"name": name})


def test_slides_that_only_mention_that_they_have_no_macros_are_taken(tmp_path: Path) -> None:
    content = make_ole({"PowerPoint Document": _PPT_MACROS[:-4] + b"\x00" * 4, "Current User": b"x"})
    assert look(tmp_path, content, "a.ppt") == Inspected("a.ppt", "ppt")


def test_document_with_an_embedded_sheet_is_a_document(tmp_path: Path) -> None:
    content = make_ole({"WordDocument": b"\xec\xa5", "Workbook": b"x"})
    assert look(tmp_path, content, "a.doc") == Inspected("a.doc", "doc")


@pytest.mark.parametrize("inner", [make_zip({"a": b"x"}), OPAQUE["rar"], OPAQUE["7z"], b"\x1f\x8b" + b"\x00" * 20])
def test_archive_within_an_archive_is_refused(tmp_path: Path, inner: bytes) -> None:
    expected = Refusal("nested_archive", {"name": "a.zip", "inner": "inside.bin"})
    assert look(tmp_path, make_zip({"inside.bin": inner}), "a.zip") == expected


def test_archive_that_grows_without_measure_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "HARMLESS_UNPACKED", 1024**2)
    bomb = make_zip({f"{number}.bin": b"\x00" * 1024**2 for number in range(3)})
    assert look(tmp_path, bomb, "a.zip") == Refusal("archive_size", {"name": "a.zip", "limit": "1M"})


def test_archive_that_says_less_than_it_holds_is_damaged(tmp_path: Path) -> None:
    content = bytearray(make_zip({"a.bin": b"\x00" * 1024**2}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(mark) + place
        content[start : start + 4] = struct.pack("<I", 100)
    assert look(tmp_path, bytes(content), "a.zip") == Refusal("damaged", {"name": "a.zip"})


def test_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1024)
    expected = Refusal("archive_size", {"name": "a.zip", "limit": "1K"})
    assert look(tmp_path, make_zip({"a": b"x" * 2000}), "a.zip") == expected


def test_archive_with_too_many_entries_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_ENTRIES", 3)
    expected = Refusal("archive_entries", {"name": "a.zip", "limit": 3})
    assert look(tmp_path, make_zip({str(number): b"" for number in range(4)}), "a.zip") == expected


def test_directory_that_is_far_too_long_is_refused_unopened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_MOST_MARKS", 2)
    monkeypatch.setattr(archives, "_CHUNK", 10)  # so that the marks lie across what is read at once
    monkeypatch.delattr(zipfile, "ZipFile")
    expected = Refusal("archive_entries", {"name": "a.zip", "limit": archives.MOST_ENTRIES})
    content = b"PK\x03\x04" + b"PK\x01\x02".ljust(47, b"\x00") * 3
    assert look(tmp_path, content, "a.zip") == expected


@pytest.mark.parametrize("entries", [{}, {"folder/": b""}])
def test_archive_without_files_is_refused(tmp_path: Path, entries: dict[str, bytes]) -> None:
    assert look(tmp_path, make_zip(entries), "a.zip") == Refusal("empty_archive", {"name": "a.zip"})


def test_office_file_that_grows_without_measure_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "HARMLESS_UNPACKED", 1024)
    bomb = make_office("docx", {"word/media/a.bin": b"\x00" * 1024**2})
    assert look(tmp_path, bomb, "a.docx") == Refusal("archive_size", {"name": "a.docx", "limit": "1K"})


def test_office_file_may_hold_another(tmp_path: Path) -> None:
    content = make_office("docx", {"word/embeddings/sheet.bin": make_office("xlsx")})
    assert look(tmp_path, content, "a.docx") == Inspected("a.docx", "docx")


def _png(width: int, height: int) -> bytes:
    """A PNG that claims this size in few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(8001, 10_000), (9500, 9500), (60_000, 60_000)])
def test_picture_with_too_many_pixels_is_refused_undecoded(tmp_path: Path, size: tuple[int, int]) -> None:
    expected = Refusal("too_many_pixels", {"name": "a.png", "limit": inspection.MOST_PIXELS // 1_000_000})
    assert look(tmp_path, _png(*size), "a.png") == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_the_encodings_of_the_country(tmp_path: Path, encoding: str) -> None:
    content = ("申报说明\r\n" * 3000).encode(encoding)
    assert look(tmp_path, content, "a.txt") == Inspected("a.txt", "txt")


def test_text_with_binary_at_its_end_is_none(tmp_path: Path) -> None:
    content = "申报说明".encode() + b"\xff\x00\xfe"
    assert look(tmp_path, content, "a.txt") == Refusal("wrong_type", {"name": "a.txt", "said": "TXT", "found": ""})


def test_archive_with_an_odd_way_of_packing_is_damaged(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", b"x")
    content = bytearray(out.getvalue())
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        start = content.index(mark) + place
        content[start : start + 2] = struct.pack("<H", 98)
    assert look(tmp_path, bytes(content), "a.zip") == Refusal("damaged", {"name": "a.zip"})


def make_packed_pdf(padding: int) -> bytes:
    """A PDF file of one page, its objects packed together with so many blanks before the first."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")
    starts = [sum(len(one) + 1 for one in objects[:i]) for i in range(3)]
    head = b"".join(b"%d %d " % (number, start) for number, start in enumerate(starts, 1))
    packed = zlib.compress(head + b" ".join(objects) + b" " * padding, 9)
    values = b"/N 3/First %d/Filter/FlateDecode/Length %d" % (len(head), len(packed))
    out = b"%PDF-1.5\n"
    rows = [struct.pack(">BIH", 0, 0, 65535), *(struct.pack(">BIH", 2, 4, i) for i in range(3))]
    rows.append(struct.pack(">BIH", 1, len(out), 0))
    out += b"4 0 obj<</Type/ObjStm%b>>stream\n%b\nendstream endobj\n" % (values, packed)
    rows.append(struct.pack(">BIH", 1, len(out), 0))
    table = b"".join(rows)
    out += b"5 0 obj<</Type/XRef/Size 6/W[1 4 2]/Root 1 0 R/Length %d>>stream\n" % len(table)
    return out + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % (out.rindex(b"5 0 obj"))


def test_pdf_file_that_unpacks_to_far_more_than_it_is_counts_as_damaged(tmp_path: Path) -> None:
    assert look(tmp_path, make_packed_pdf(1000), "a.pdf") == Inspected("a.pdf", "pdf", pages=1)
    assert look(tmp_path, make_packed_pdf(inspection.MOST_PART), "a.pdf") == Refusal("damaged", {"name": "a.pdf"})


def test_pdf_file_that_keeps_its_reader_busy_is_too_complex(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "MOST_WORK", -1.0)
    assert look(tmp_path, make_pdf(3), "a.pdf") == Refusal("too_complex", {"name": "a.pdf"})
