import pytest

from bot.channels.telegram.webhook import check_secret


@pytest.mark.parametrize(
    ("header", "secret", "fits"),
    [
        ("s3cret", "s3cret", True),
        ("s3creT", "s3cret", False),
        ("s3cret ", "s3cret", False),
        ("", "s3cret", False),
        (None, "s3cret", False),
        ("秘密\udc80", "s3cret", False),
        ("", "", False),
        (None, "", False),
    ],
)
def test_only_the_secret_itself_fits(header: str | None, secret: str, fits: bool) -> None:
    assert check_secret(header, secret) is fits
