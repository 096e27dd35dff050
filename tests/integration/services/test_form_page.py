"""The form page's use cases on each kind of database."""

from functools import partial
from typing import Any

from bot.flows.entries import Write
from bot.flows.values import digest
from bot.services import form_page
from bot.services.form_page import Changed, Holder, Page
from knowledge.form import Stage
from storage.database import Storage
from storage.errors import AlreadyHandled
from storage.unit_of_work import UnitOfWork
from tests.fixtures.form_house import FORM
from tests.fixtures.people import NOW, make_person, make_programme
from tests.fixtures.storage import run_rivals

PROGRAMMES = {"lantern": make_programme(form=FORM)}
LINK = "5" * 64


def begin(uow: UnitOfWork, state: str = "draft", **answers: Any) -> Holder:
    person = make_person(uow)
    made = uow.applications.create("lantern", 2026, person.id, FORM.version, NOW)
    uow.applications.save_answers(made.id, answers, NOW)
    uow.applications.update(made.id, NOW, state=state)
    return Holder(made.id, person.id)


def enter(uow: UnitOfWork, holder: Holder, *changes: Write) -> Changed | None:
    return form_page.enter_changes(uow=uow, programmes=PROGRAMMES, holder=holder, changes=changes, now=NOW)


def take(uow: UnitOfWork, browser: str) -> bool:
    return form_page.take_link(uow=uow, link=LINK, browser=browser, now=NOW)


def owns_link(uow: UnitOfWork, browser: str) -> bool:
    return form_page.is_own_link(uow=uow, link=LINK, browser=browser)


def look(uow: UnitOfWork, holder: Holder, locale: str = "") -> Page | None:
    return form_page.open_page(uow=uow, programmes=PROGRAMMES, holder=holder, now=NOW, locale=locale)


def try_to_take(uow: UnitOfWork, browser: str) -> bool:
    try:
        return take(uow, browser)
    except AlreadyHandled:
        return False


def test_link_is_the_first_browsers_alone(storage: Storage) -> None:
    assert storage.run_sync(lambda uow: form_page.is_own_link(uow=uow, link=LINK, browser="")) is True
    taken = [storage.run_sync(partial(take, browser=browser)) for browser in ("a" * 16, "b" * 16, "a" * 16)]
    assert taken == [True, False, True]
    owns = [storage.run_sync(partial(owns_link, browser=browser)) for browser in ("a" * 16, "b" * 16, "")]
    assert owns == [True, False, False]


def test_link_taken_by_two_browsers_at_once_is_one_browsers(storage: Storage) -> None:
    first, second = run_rivals(storage, lambda uow: take(uow, "a" * 16), lambda uow: try_to_take(uow, "b" * 16))
    assert (first, second) == (True, False)


def test_entries_store_answers_cursor_and_title(storage: Storage) -> None:
    holder = storage.run_sync(begin)
    changes = (Write("name", "小橘灯", digest(None)), Write("mail", "nonsense", digest(None)))
    changed = storage.run_sync(lambda uow: enter(uow, holder, *changes))
    assert changed is not None
    assert [entered.problem is None for entered in changed.entered] == [True, False]
    found = storage.run_sync(lambda uow: uow.applications.get(holder.application))
    assert found is not None
    assert (found.title, found.cursor["typed"]) == ("小橘灯", {"mail": ["nonsense"]})
    assert storage.run_sync(lambda uow: uow.applications.answers(holder.application)) == {"name": "小橘灯"}


def test_two_entries_at_once_leave_one_answer_and_one_refusal(storage: Storage) -> None:
    holder = storage.run_sync(begin)

    def write(text: str) -> Any:
        return lambda uow: enter(uow, holder, Write("name", text, digest(None)))

    first, second = run_rivals(storage, write("先"), write("后"))
    problems = [form_page.problem_of(changed) for changed in (first, second)]
    assert [problem.kind if problem else "" for problem in problems] == ["", "changed_elsewhere"]
    assert storage.run_sync(lambda uow: uow.applications.answers(holder.application)) == {"name": "先"}


def test_application_of_another_person_is_neither_shown_nor_written(storage: Storage) -> None:
    theirs = storage.run_sync(lambda uow: begin(uow, name="小橘灯"))
    other = storage.run_sync(begin)
    wrong = Holder(theirs.application, other.person)
    shown = storage.run_sync(partial(look, holder=wrong))
    written = storage.run_sync(lambda uow: enter(uow, wrong, Write("name", "别的", digest("小橘灯"))))
    assert (shown, written) == (None, None)
    assert storage.run_sync(lambda uow: uow.applications.answers(theirs.application)) == {"name": "小橘灯"}


def test_page_of_a_submission_is_at_what_follows_it(storage: Storage) -> None:
    holder = storage.run_sync(lambda uow: begin(uow, "submitted", name="小橘灯"))
    page = storage.run_sync(partial(look, holder=holder))
    assert page is not None
    assert (page.stage, [one.field.key for one in page.open.entries()]) == (Stage.PACKAGING, ["stamped"])


def test_page_of_what_was_withdrawn_is_none(storage: Storage) -> None:
    holder = storage.run_sync(lambda uow: begin(uow, "withdrawn"))
    page = storage.run_sync(partial(look, holder=holder))
    assert page is None


def test_page_speaks_the_language_chosen_on_it_else_the_persons(storage: Storage) -> None:
    holder = storage.run_sync(begin)
    pages = [storage.run_sync(partial(look, holder=holder, locale=locale)) for locale in ("", "en")]
    assert [page.locale if page else "" for page in pages] == ["zh", "en"]


def test_editable_applications_are_those_still_open_last_used_first(storage: Storage) -> None:
    holder = storage.run_sync(lambda uow: begin(uow, "submitted"))

    def more(uow: UnitOfWork) -> list[int]:
        made = [uow.applications.create(key, 2026, holder.person, "", NOW).id for key in ("lantern", "gone", "lantern")]
        found = form_page.find_editable(uow=uow, programmes=PROGRAMMES, person_id=holder.person)
        assert [one.id for one in found] == [made[2], made[0]]
        return made

    assert len(storage.run_sync(more)) == 3


def test_chat_of_a_person_is_where_they_wrote_last_and_can_be_reached(storage: Storage) -> None:
    def find(uow: UnitOfWork) -> list[str]:
        person = make_person(uow)
        on = {"telegram", "wechat"}
        uow.identities.create(person.id, "wechat", "openid", "openid", NOW)
        uow.identities.touch("telegram", f"telegram-{person.id}", chat=None, now=NOW.replace(year=2027))
        first = form_page.find_chat(uow=uow, person_id=person.id, channels=on)
        other = form_page.find_chat(uow=uow, person_id=person.id, channels={"wechat", "console"})
        uow.identities.mark_unreachable("telegram", f"telegram-{person.id}", "left")
        second = form_page.find_chat(uow=uow, person_id=person.id, channels=on)
        none = form_page.find_chat(uow=uow, person_id=person.id, channels={"telegram"})
        return [found[0].channel if found else "" for found in (first, other, second, none)]

    assert storage.run_sync(find) == ["telegram", "wechat", "wechat", ""]
