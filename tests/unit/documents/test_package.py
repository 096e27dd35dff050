import json
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from pypdf import PdfReader, PdfWriter

from bot.documents.filing import Filing
from bot.documents.office import Office
from bot.documents.package import Packed, write_package
from tests.fixtures.filings import Contents, make_answers, make_filing, make_pdf
from tests.fixtures.forms import FORM
from tests.fixtures.people import make_programme

ROOT = "CXZG-2022-000001-X/"
NO_OFFICE = Office(program="")


class PaperOffice(Office):
    """A converter that gives a page for each document."""

    def __init__(self) -> None:
        super().__init__(program="paper")

    def convert(self, documents: Any, folder: Path) -> list[Path]:
        made = [folder / f"{document.stem}.pdf" for document in documents]
        for path in made:
            writer = PdfWriter()
            writer.add_blank_page(100, 100)
            writer.write(path)
        return made


def pack(filing: Filing, contents: Contents, folder: Path, office: Office = NO_OFFICE) -> tuple[Packed, bytes]:
    made = BytesIO()
    folder.mkdir()
    packed = write_package(filing, made, open_file=contents.open, office=office, folder=folder)
    return packed, made.getvalue()


def members(archive: bytes) -> Mapping[str, bytes]:
    with ZipFile(BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.fixture(scope="module")
def contents() -> Contents:
    made = Contents()
    make_answers(made)
    return made


@pytest.fixture
def whole() -> Filing:
    return make_filing(make_answers(Contents()))


def test_package_has_numbered_names_in_reading_order(whole: Filing, contents: Contents, tmp_path: Path) -> None:
    packed, archive = pack(whole, contents, tmp_path / "a", PaperOffice())
    assert packed == Packed()
    names = [name.removeprefix(ROOT) for name in members(archive)]
    assert names == [
        "01-材料清单.docx",
        "02-附件1_申报企业基本信息.docx",
        "03-附件2_申报成果信息.docx",
        "04-附件3_知识产权证明材料.docx",
        "05-附件4_申报承诺书.docx",
        "06-申报信息副本.docx",
        "07-申报信息副本.pdf",
        "08-打印用合订本.pdf",
        "09-邮件标题和正文.txt",
        "10-资质材料_scan_1.pdf",
        "11-技术创新配图_配图1.jpg",
        "12-技术创新配图_配图2.jpg",
        "13-应用情况配图_配图3.jpg",
        "14-应用情况配图_配图4.jpg",
        "15-企业营业执照_scan_2.pdf",
        "16-年检证明_scan_3.pdf",
        "17-专利或知识产权证书_scan_4.pdf",
        "18-专利或知识产权证书_scan_5.pdf",
        "19-获奖证书或良好形象材料_scan_6.pdf",
        "manifest.json",
        "SHA256SUMS",
    ]
    assert len(PdfReader(BytesIO(members(archive)[f"{ROOT}08-打印用合订本.pdf"])).pages) == 4


def test_manifest_and_sums_prove_every_member(whole: Filing, contents: Contents, tmp_path: Path) -> None:
    found = members(pack(whole, contents, tmp_path / "a")[1])
    lines = [line.split("  ") for line in found[f"{ROOT}SHA256SUMS"].decode().splitlines()]
    sums = {name: digest for digest, name in lines}
    assert sums == {
        name.removeprefix(ROOT): sha256(content).hexdigest()
        for name, content in found.items()
        if not name.endswith("SHA256SUMS")
    }
    manifest = json.loads(found[f"{ROOT}manifest.json"])
    listed = {one["name"]: (one["size"], one["sha256"]) for one in manifest.pop("files")}
    assert listed == {name: (len(found[ROOT + name]), sums[name]) for name in sums if name != "manifest.json"}
    assert manifest == {
        "programme": whole.programme.id,
        "receipt": "CXZG-2022-000001-X",
        "version": 1,
        "form_version": whole.form_version,
        "submitted": "2022-12-01T06:30:00+00:00",
        "created": "2022-12-02T01:00:00+00:00",
        "officially_submitted": False,
        "pdf": "LibreOffice is not installed",
        "missing": [],
    }


def test_attachments_are_whole(whole: Filing, contents: Contents, tmp_path: Path) -> None:
    found = members(pack(whole, contents, tmp_path / "a")[1])
    assert found[f"{ROOT}08-资质材料_scan_1.pdf"] == make_pdf(200_001)


def test_the_same_filing_gives_the_same_package(whole: Filing, contents: Contents, tmp_path: Path) -> None:
    assert pack(whole, contents, tmp_path / "a") == pack(whole, contents, tmp_path / "b")


def test_a_lost_attachment_is_named_and_the_rest_is_packed(whole: Filing, tmp_path: Path) -> None:
    lossy = Contents()
    make_answers(lossy)
    del lossy.by_key[whole.answers["license_scan"][0]["key"]]
    packed, archive = pack(whole, lossy, tmp_path / "a")
    assert packed.missing == ("scan 2.pdf",)
    found = members(archive)
    assert json.loads(found[f"{ROOT}manifest.json"])["missing"] == ["scan 2.pdf"]
    assert [name for name in found if "营业执照" in name] == []


def test_names_cannot_leave_their_folder(whole: Filing, tmp_path: Path) -> None:
    contents = Contents()
    answers = make_answers(contents)
    answers["awards"] = [contents.add("../../etc/pass\nwd<>:.pdf", b"x"), contents.add("长" * 200 + ".pdf", b"y")]
    names = [name.removeprefix(ROOT) for name in members(pack(make_filing(answers), contents, tmp_path / "a")[1])]
    assert names[-4] == "17-获奖证书或良好形象材料_.._.._etc_pass_wd.pdf"
    assert names[-3] == f"18-获奖证书或良好形象材料_{'长' * 48}.pdf"


def test_mail_text_opens_in_any_editor(whole: Filing, contents: Contents, tmp_path: Path) -> None:
    text = members(pack(whole, contents, tmp_path / "a")[1])[f"{ROOT}07-邮件标题和正文.txt"]
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.count(b"\n") == text.count(b"\r\n")
    assert "1. 02-附件1_申报企业基本信息.docx\r\n" in text.decode("utf-8-sig")


def test_a_programme_without_papers_has_checklist_and_copy(tmp_path: Path) -> None:
    plain = make_filing({"name": "x"}, programme=make_programme(), form=FORM, locale="en")
    names = [name.removeprefix(ROOT) for name in members(pack(plain, Contents(), tmp_path / "a", PaperOffice())[1])]
    assert names == [
        "01-Checklist.docx",
        "02-Copy_of_the_application.docx",
        "03-Copy_of_the_application.pdf",
        "manifest.json",
        "SHA256SUMS",
    ]


@pytest.mark.slow
@pytest.mark.skipif(not Office().available, reason="LibreOffice is not installed")
def test_with_libreoffice_the_same_filing_gives_the_same_pages(
    whole: Filing, contents: Contents, tmp_path: Path
) -> None:
    office = Office(seconds=60.0)
    first = pack(whole, contents, tmp_path / "a", office)
    assert first == pack(whole, contents, tmp_path / "b", office)
    assert first[0] == Packed()
    pages = PdfReader(BytesIO(members(first[1])[f"{ROOT}08-打印用合订本.pdf"])).pages
    heads = ["".join(page.extract_text().split())[:3] for page in pages]
    assert [head for head in heads if head.startswith("附件")] == ["附件1", "附件2", "附件3", "附件4"]
