from pathlib import Path

import pytest

from bot.documents.office import Office, Unconvertible

CONVERTS = """#!/bin/sh
out=""
while [ $# -gt 0 ]; do
  case "$1" in
    --outdir) out="$2"; shift;;
    *.docx) echo "%PDF of $(cat "$1")" > "$out/$(basename "$1" .docx).pdf";;
  esac
  shift
done
"""


def office(tmp_path: Path, script: str, seconds: float = 10.0) -> Office:
    program = tmp_path / "soffice"
    program.write_text(script)
    program.chmod(0o755)
    return Office(program=str(program), seconds=seconds)


def documents(tmp_path: Path) -> list[Path]:
    made = [tmp_path / "0.docx", tmp_path / "1.docx"]
    for path in made:
        path.write_text(path.stem)
    return made


def test_documents_become_pdf_files_of_the_same_names(tmp_path: Path) -> None:
    made = office(tmp_path, CONVERTS).convert(documents(tmp_path), tmp_path)
    assert [(path.name, path.read_text()) for path in made] == [("0.pdf", "%PDF of 0\n"), ("1.pdf", "%PDF of 1\n")]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("#!/bin/sh\nexit 3\n", "ended with 3"),
        ("#!/bin/sh\nexit 0\n", "gave no PDF"),
        ("#!/bin/sh\nsleep 60 & wait\n", "took more than"),
    ],
)
def test_a_converter_that_fails_says_how(tmp_path: Path, script: str, reason: str) -> None:
    with pytest.raises(Unconvertible, match=reason):
        office(tmp_path, script, seconds=0.5).convert(documents(tmp_path), tmp_path)


def test_without_a_converter_it_is_said(tmp_path: Path) -> None:
    absent = Office(program="")
    assert not absent.available
    with pytest.raises(Unconvertible, match="not installed"):
        absent.convert(documents(tmp_path), tmp_path)


def test_it_works_again_after_a_failure(tmp_path: Path) -> None:
    marked = CONVERTS.replace("out=", f"if [ ! -e {tmp_path}/once ]; then touch {tmp_path}/once; exit 1; fi\nout=", 1)
    converter = office(tmp_path, marked)
    with pytest.raises(Unconvertible):
        converter.convert(documents(tmp_path), tmp_path)
    assert len(converter.convert(documents(tmp_path), tmp_path)) == 2
