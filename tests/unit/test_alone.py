"""One process serves a folder."""

from pathlib import Path

from bot.alone import alone


def test_alone_is_the_first_and_again_when_that_one_left(tmp_path: Path) -> None:
    with alone(tmp_path) as first, alone(tmp_path) as second:
        assert (first, second) == (True, False)
    with alone(tmp_path) as third:
        assert third
