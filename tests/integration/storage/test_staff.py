"""Questions, reminders, deadlines, invitations, figures."""

from datetime import timedelta

from storage.database import Storage
from storage.records import DeadlineNotice
from storage.unit_of_work import UnitOfWork
from tests.integration.storage.samples import NOW, message, person

DAY = timedelta(days=1)


def test_question_is_open_until_answered(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        asker = person(uow).id
        first, second = (uow.questions.add(asker, "web", "c", "prize", text, NOW) for text in ("一？", "二？"))
        assert [found.text for found in uow.questions.open()] == ["一？", "二？"]
        assert [found.id for found in uow.questions.open(limit=1)] == [first]
        uow.questions.answer(first, "是", asker, NOW + DAY)
        found = uow.questions.get(first)
        assert found is not None
        assert (found.state, found.answer, found.answered_at) == ("answered", "是", NOW + DAY)
        assert [found.id for found in uow.questions.open()] == [second]
        assert uow.questions.get(404) is None

    storage.run_sync(work)


def test_reminder_comes_back_and_does_not_fire_again(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        author = person(uow).id
        first = uow.reminders.add("prize", 3600, author, NOW)
        uow.reminders.mark_fired(first.id, NOW + DAY, NOW)
        uow.reminders.remove(first.id)
        assert uow.reminders.active() == []
        again = uow.reminders.add("prize", 3600, author, NOW)
        assert (again.id, again.active, again.fired_for, again.fired_at) == (first.id, True, NOW + DAY, NOW)
        assert uow.reminders.active() == [again]

    storage.run_sync(work)


def test_latest_deadline_counts(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        author = person(uow).id
        uow.deadlines.add("prize", None, NOW + DAY, author, NOW)
        uow.deadlines.add("prize", author, NOW + 9 * DAY, author, NOW)
        uow.deadlines.add("prize", None, None, author, NOW + DAY)
        uow.deadlines.add("medal", None, NOW, author, NOW)
        assert uow.deadlines.latest() == {
            "prize": DeadlineNotice("prize", None, None, NOW + DAY),
            "medal": DeadlineNotice("medal", None, NOW, NOW),
        }
        assert uow.deadlines.personal(author) == {"prize": DeadlineNotice("prize", author, NOW + 9 * DAY, NOW)}
        assert uow.deadlines.personal(404) == {}

    storage.run_sync(work)


def test_invitation_serves_once_and_in_time(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> None:
        guest = person(uow).id
        uow.invitations.add("good", "staff", NOW + DAY, NOW)
        uow.invitations.add("old", "staff", NOW, NOW)
        uow.invitations.add("endless", "owner", None, NOW)
        used = uow.invitations.use("good", guest, NOW)
        assert used is not None
        assert (used.role, used.used_by) == ("staff", guest)
        assert [uow.invitations.use(token, guest, NOW) for token in ("good", "old", "none")] == [None, None, None]
        assert [found.role for found in uow.invitations.open()] == ["staff", "owner"]
        assert (uow.invitations.revoke_open("staff"), uow.invitations.revoke_open("staff")) == (1, 0)
        assert [found.role for found in uow.invitations.open()] == ["owner"]

    storage.run_sync(work)


def test_figures_of_nothing(storage: Storage) -> None:
    zero = {"persons": 0, "drafts": 0, "questions:open": 0, "questions:answered": 0}
    assert storage.run_sync(lambda uow: uow.figures.all()) == zero


def test_figures_count_everything(storage: Storage) -> None:
    def work(uow: UnitOfWork) -> dict[str, int]:
        anna = person(uow, "anna").id
        uow.identities.create(anna, "web", "anna-page", "anna-page", NOW)
        uow.identities.create(anna, "web", "anna-phone", "anna-phone", NOW)
        uow.persons.forget(person(uow, "bert").id, NOW)
        uow.applications.create("prize", 2026, anna, "f", NOW)
        sent = uow.applications.create("prize", 2026, anna, "f", NOW)
        uow.applications.update(sent.id, NOW, state="submitted")
        uow.questions.add(anna, "web", "c", "", "?", NOW)
        uow.messages.add([message("a1"), message("a2", state="sent")], NOW)
        return uow.figures.all()

    assert storage.run_sync(work) == {
        "persons": 1,
        "persons:telegram": 1,
        "persons:web": 1,
        "drafts": 1,
        "applications:prize:submitted": 1,
        "questions:open": 1,
        "questions:answered": 0,
        "messages:pending": 1,
        "messages:sent": 1,
    }
