from bot.services import figures
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import NOW, make_person, make_submission


def test_count_figures_groups_by_programme_in_the_order_of_states(uow: UnitOfWork) -> None:
    person = make_person(uow)
    make_person(uow, channel="wechat")
    for number, state in enumerate(["in_review", "submitted", "submitted"], 1):
        make_submission(uow, person, number, state=state)
    make_submission(uow, person, 4, programme="kite", prefix="KITE")
    uow.applications.create("lantern", 2026, person.id, "f1", NOW)
    uow.questions.add(person.id, "telegram", "telegram-1", "", "可以吗", NOW)
    counted = figures.count_figures(uow=uow)
    assert counted.persons == 2
    assert counted.channels == {"telegram": 1, "wechat": 1}
    assert counted.drafts == 1
    assert {key: list(states.items()) for key, states in counted.submissions.items()} == {
        "kite": [("submitted", 1)],
        "lantern": [("submitted", 2), ("in_review", 1)],
    }
    assert (counted.open_questions, counted.answered_questions) == (1, 0)


def test_count_figures_of_an_empty_installation_are_zero(uow: UnitOfWork) -> None:
    counted = figures.count_figures(uow=uow)
    assert counted == figures.Figures(0, {}, 0, {}, 0, 0, {})
