import pytest

from bot.documents.masking import mask


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("", ""),
        ("  ", ""),
        ("王小明", "王***"),
        ("张三", "张***"),
        ("王", "***"),
        ("Alexandra Featherstone", "A***"),
        ("13800138000", "***00"),
        ("+86 27-5555 0101", "***01"),
        ("电话：027-55550101", "***01"),
        ("liming@example.com", "l***@example.com"),
        ("a@example.com", "***@example.com"),
        ("liming@example.com 027-55550101", "***01"),
    ],
)
def test_just_enough_is_left_to_tell_entries_apart(given: str, shown: str) -> None:
    assert mask(given) == shown
