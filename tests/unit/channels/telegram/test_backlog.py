from bot.channels.telegram.backlog import Backlog


def test_nothing_fetched_asks_from_the_beginning() -> None:
    assert Backlog().offset == 0


def test_offset_stays_at_the_first_that_is_not_done() -> None:
    backlog = Backlog()
    assert [backlog.add(number) for number in (5, 6, 7)] == [True, True, True]
    backlog.finish(6)
    backlog.finish(7)
    assert backlog.offset == 5
    backlog.finish(5)
    assert backlog.offset == 8
    assert not backlog


def test_fetched_again_is_not_taken_again() -> None:
    backlog = Backlog()
    backlog.add(5)
    backlog.add(6)
    backlog.finish(6)
    assert [backlog.add(5), backlog.add(6)] == [False, False]


def test_numbers_may_begin_anew_after_a_rest() -> None:
    backlog = Backlog()
    backlog.add(900)
    backlog.finish(900)
    backlog.rest()
    assert (backlog.offset, backlog.add(3)) == (0, True)
