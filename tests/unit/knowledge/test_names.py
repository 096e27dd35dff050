import pytest

from knowledge.library import Library
from knowledge.names import Names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tr50", "tr50"),
        ("TR 50", "tr50"),
        ("ｔｒ５０", "tr50"),
        ("50 家聪明公司", "tr50"),
        ("聰明公司", "tr50"),
        ("创新之光", "innovation-light"),
        ("创新之广", "innovation-light"),
        ("sci-tech-pioneer", "sci-tech-pioneer"),
        ("Inovation Light", "innovation-light"),
        ("科创", "sci-tech-pioneer"),
        ("some other award", None),
        ("", None),
        ("tr500", None),
    ],
)
def test_find(library: Library, text: str, expected: str | None) -> None:
    found = library.find(text)
    assert (found.id if found else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tr50和创新之光哪个收费", ("tr50", "innovation-light")),
        ("不是tr50,我问的是创新之光", ("innovation-light",)),
        ("是不是tr50要收费", ("tr50",)),
        ("不是tr50", ("tr50",)),
        ("报名要钱吗", ()),
    ],
)
def test_meant(library: Library, text: str, expected: tuple[str, ...]) -> None:
    assert Names(library.programmes).meant(text) == expected
