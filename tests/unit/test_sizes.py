import pytest

from bot.sizes import lower_size, show_size, upper_size

KIBI = 1024


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "1K"),
        (90, "1K"),
        (150_000, "150K"),
        (999_999, "999K"),
        (1_200_000, "1.15M"),
        (3 * KIBI**2, "3M"),
        (3 * KIBI**2 + 1, "3.01M"),
        (3 * KIBI**3, "3G"),
    ],
)
def test_size_of_a_file(size: int, text: str) -> None:
    assert show_size(size) == text


@pytest.mark.parametrize(
    ("size", "upper", "lower"),
    [
        (1000, "0.98K", "1K"),
        (1024, "1K", "1.03K"),
        (150_000, "146.49K", "150K"),
        (20 * KIBI**2, "20M", "20.98M"),
        (KIBI**3, "1G", "1.08G"),
    ],
)
def test_bounds_are_shown_as_guides_write_them(size: int, upper: str, lower: str) -> None:
    assert (upper_size(size), lower_size(size)) == (upper, lower)


@pytest.mark.parametrize(("size", "down", "up"), [(150_001, "146.48K", "146.49K"), (3 * KIBI**2 + 1, "3M", "3.01M")])
def test_what_is_beside_a_bound_is_rounded_away_from_it(size: int, down: str, up: str) -> None:
    assert (upper_size(size, up=False), upper_size(size, up=True)) == (down, up)
