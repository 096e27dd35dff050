from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from pypdf import PdfReader, PdfWriter

from knowledge.errors import PackError
from knowledge.importing.reading import read_guide
from tests.unit.knowledge.importing.conftest import pdf


def encrypted() -> bytes:
    writer, buffer = PdfWriter(PdfReader(BytesIO(pdf([[(11, 700, "海燕奖申报指南，不收取任何费用。")]])))), BytesIO()
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(buffer)
    return buffer.getvalue()


def scanned() -> bytes:
    writer, buffer = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(buffer)
    return buffer.getvalue()


def archive(name: str) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as packed:
        packed.writestr(name, "<x/>")
    return buffer.getvalue()


OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.pdf", encrypted, "is encrypted; save it without a password"),
        ("a.pdf", scanned, "holds no text, only pictures of it; run text recognition (OCR) on it, or give the text"),
        ("a.pdf", lambda: b"hello", "is no pdf file, whatever its name; open it and save it anew"),
        ("a.docx", lambda: b"hello", "is no docx file, whatever its name; open it and save it anew"),
        ("a.docx", lambda: OFFICE + "EncryptedPackage".encode("utf-16-le"), "is encrypted; save it without a password"),
        ("a.doc", lambda: OFFICE, "is in an old Office format; save it as .docx or PDF"),
        ("a.rtf", lambda: rb"{\rtf1 x}", "is RTF; save it as .docx or PDF"),
        ("a.md", lambda: b"\x89PNG\r\n\x1a\n", "is a picture; run text recognition (OCR) on it, or give the text"),
        (
            "a.xlsx",
            lambda: archive("xl/workbook.xml"),
            "is an archive or another Office file; a guide is md, txt, html, docx or pdf",
        ),
        ("a.csv", lambda: b"a,b", "is of a kind that is not read; a guide is md, txt, html, docx or pdf"),
        ("a.txt", lambda: b" \n\n", "is empty"),
        ("a.txt", "海燕".encode, "holds next to no text; give the guide's text"),
        (
            "a.txt",
            lambda: b"\xff" * 40 + bytes(10),
            "is no text in UTF-8, UTF-16 or GB 18030; save it as UTF-8",
        ),
        ("a.html", lambda: b"<!-- nothing -->", "is no web page: Document is empty"),
        (
            "a.txt",
            lambda: b"Petrel prize. " * 30_000,
            "has 360000 characters; a guide has at most 300000: give its part alone",
        ),
        ("a.md", lambda: b"x" * 20_000_001, "has 20 MB; a guide has at most 20: take its pictures out"),
    ],
)
def test_file_that_cannot_be_a_guide(tmp_path: Path, name: str, content: Callable[[], bytes], message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content())
    with pytest.raises(PackError) as raised:
        read_guide(path)
    assert str(raised.value) == f"{path}: {message}"


@pytest.mark.parametrize("name", ["a.pdf", "a.docx"])
def test_broken_file_says_so(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    whole = pdf([[(11, 700, "海燕奖申报指南，不收取任何费用。")]]) if name == "a.pdf" else archive("word/document.xml")
    path.write_bytes(whole[: len(whole) // 2] if name == "a.pdf" else whole)
    with pytest.raises(PackError, match=r"is a broken (PDF|Word file)|holds no text"):
        read_guide(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="cannot be read: No such file or directory"):
        read_guide(tmp_path / "none.md")
