"""Guides of every kind, made small."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from knowledge.importing.cleaning import clean
from knowledge.importing.guide import markdown, title_of
from knowledge.importing.proposal import Said, said
from knowledge.importing.reading import read_guide
from knowledge.passages import read_passages

Guide = Callable[[str, "str | bytes"], str]


@pytest.fixture
def guide(tmp_path: Path) -> Guide:
    """Writes a file and returns the guide.md that it becomes."""

    def make(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return guide_of(path)

    return make


def guide_of(path: Path) -> str:
    """The guide.md that a file becomes."""
    source = read_guide(path)
    title, lines = title_of(clean(source), source.title, path.stem)
    return markdown(title, lines)


def sentences(text: str) -> list[Said]:
    """The sentences of a guide.md."""
    return said(read_passages(text))


def pdf(pages: Sequence[Sequence[tuple[int, int, str]]]) -> bytes:
    """A PDF of pages of lines (size, height, text), in a Chinese font that brings no table of its characters."""
    streams = [
        "".join(f"BT /F {size} Tf 72 {height} Td <{text.encode('gbk').hex()}> Tj ET\n" for size, height, text in page)
        for page in pages
    ]
    font = (
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light-GBK-EUC-H/Encoding/GBK-EUC-H/DescendantFonts[<</Type/Font"
        "/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 0>>>>]>>"
    )
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>", font]
    box = "[0 0 595 842]"
    for number, stream in enumerate(streams):
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox{box}/Contents {5 + 2 * number} 0 R/Resources<</Font<</F 3 0 R>>>>>>",
            f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream",
        ]
    return _file(objects)


def _file(objects: Sequence[str]) -> bytes:
    """The bytes of a PDF with its table of objects."""
    body, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + end.encode()
