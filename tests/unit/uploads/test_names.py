import pytest

from bot.uploads.names import LONGEST, clean_name, ending


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("营业执照.pdf", "营业执照.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\anna\\方案.docx", "方案.docx"),
        ("a\x00b\x1f\nc.pdf", "abc.pdf"),
        ("cod\u202efdp.exe", "codfdp.exe"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("  two   words .pdf ", "two words.pdf"),
        (".htaccess", "htaccess"),
        ("...", "file"),
        ("", "file"),
        ("/", "file"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ("\ud800x.pdf", "x.pdf"),
        ("字" * 300 + ".pdf", "字" * (LONGEST - 4) + ".pdf"),
        ("字" * 300, "字" * LONGEST),
        ("e" + "\u0301\u0327" * 50_000 + ".pdf", "\u0229" + "\u0327" * 14 + "\u0301" * 15 + ".pdf"),
    ],
)
def test_clean_name(name: str, shown: str) -> None:
    assert clean_name(name) == shown


@pytest.mark.parametrize("name", ["a.PDF", "x.tar.gz", "a", "a.", "a.申报", "v1.2 final"])
def test_ending(name: str) -> None:
    expected = {"a.PDF": "pdf", "x.tar.gz": "gz"}
    assert ending(name) == expected.get(name, "")
