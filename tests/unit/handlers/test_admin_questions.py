import pytest

from bot.context import Services
from bot.errors import NotFound, UsageError
from bot.handlers import admin_questions
from bot.handlers.admin_questions import AnswerTooLong
from bot.render import render
from storage.records import Person
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import NOW, make_person, make_services, make_turn, texts_to


@pytest.fixture
def member(uow: UnitOfWork) -> Person:
    return make_person(uow, role="staff")


@pytest.fixture
def services(uow: UnitOfWork) -> Services:
    return make_services(uow)


def asked(uow: UnitOfWork, person: Person, text: str = "可以寄样品吗", programme: str = "lantern") -> int:
    return uow.questions.add(person.id, "telegram", f"telegram-{person.id}", programme, text, NOW)


def test_questions_lists_the_open_ones_oldest_first(uow: UnitOfWork, member: Person, services: Services) -> None:
    first, second = asked(uow, make_person(uow)), asked(uow, make_person(uow), "可\n以" + "长" * 40, "")
    [reply] = admin_questions.questions(make_turn(member), services)
    assert reply.text == "待答复的问题共 2 个，最早的在前："
    assert [(choice.value, choice.label) for choice in reply.choices] == [
        (f"/questions {first}", f"#{first} 灯笼奖：可以寄样品吗"),
        (f"/questions {second}", f"#{second} 可 以{'长' * 20}…"),
    ]


def test_questions_page_on_after_the_last_shown(uow: UnitOfWork, member: Person, services: Services) -> None:
    numbers = [asked(uow, make_person(uow), f"问题{i}") for i in range(7)]
    [first] = admin_questions.questions(make_turn(member), services)
    assert first.choices[-1].value == f"/questions after {numbers[5]}"
    [second] = admin_questions.questions(make_turn(member, f"after {numbers[5]}"), services)
    assert [choice.value for choice in second.choices] == [f"/questions {numbers[6]}"]


def test_questions_without_open_ones_says_so(member: Person, services: Services) -> None:
    [reply] = admin_questions.questions(make_turn(member), services)
    assert (reply.text, reply.choices) == ("没有待答复的问题。", ())


@pytest.mark.parametrize("text", ["{}", "#{}", "＃{}", "№{}", "第{}号", " {} ", "#  第 {}  号"])
def test_questions_with_a_number_shows_it_whole(uow: UnitOfWork, member: Person, services: Services, text: str) -> None:
    person = make_person(uow)
    number = asked(uow, person, "可以寄样品吗\n两份")
    [reply] = admin_questions.questions(make_turn(member, text.format(number)), services)
    assert reply.text == (
        f"#{number} 灯笼奖\n提问人 #{person.id}（Telegram），2026年11月20日（周五）12:00（北京时间）\n"
        "可以寄样品吗\n两份\n\n"
        f"答复请发送：/reply {number} 内容"
    )


def test_questions_with_another_word_is_refused(member: Person, services: Services) -> None:
    with pytest.raises(UsageError):
        admin_questions.questions(make_turn(member, "全部"), services)


@pytest.mark.parametrize("text", ["{} 可以。", "＃{}：可以。", "第 {} 号 可以。", " {}\n可以。 "])
def test_reply_reaches_the_asker_with_their_question(
    uow: UnitOfWork, member: Person, services: Services, text: str
) -> None:
    person = make_person(uow)
    number = asked(uow, person)
    [reply] = admin_questions.reply(make_turn(member, text.format(number)), services)
    assert reply.text == f"第 {number} 号问题已答复。已通知提问人。"
    assert texts_to(uow, person) == ["您问过：可以寄样品吗\n工作人员的答复：\n可以。"]


def test_reply_is_worded_in_the_askers_language(uow: UnitOfWork, member: Person, services: Services) -> None:
    person = make_person(uow, locale="en")
    number = asked(uow, person, "May I post samples?")
    admin_questions.reply(make_turn(member, f"{number} Yes."), services)
    assert texts_to(uow, person) == ["You asked: May I post samples?\nThe staff's answer:\nYes."]


def test_reply_a_second_time_is_told_as_an_addition(uow: UnitOfWork, member: Person, services: Services) -> None:
    person = make_person(uow)
    number = asked(uow, person)
    admin_questions.reply(make_turn(member, f"{number} 可以。"), services)
    [reply] = admin_questions.reply(make_turn(member, f"{number} 可以。"), services)
    assert reply.text == f"第 {number} 号问题已补充答复。已通知提问人。"
    assert texts_to(uow, person)[1] == "您问过：可以寄样品吗\n工作人员补充：\n可以。"


def test_reply_writes_template_signs_as_they_are(uow: UnitOfWork, member: Person, services: Services) -> None:
    person = make_person(uow)
    number = asked(uow, person, "{{ question }}{% if %}")
    admin_questions.reply(make_turn(member, f"{number} {{{{ 7 * 7 }}}}"), services)
    assert texts_to(uow, person) == ["您问过：{{ question }}{% if %}\n工作人员的答复：\n{{ 7 * 7 }}"]


HARMFUL = ["1" + " " * 50_000, "#" + " " * 50_000 + "x", "1 " + "e" + "\u0301\u0327" * 50_000]


@pytest.mark.parametrize("text", HARMFUL)
def test_questions_of_what_is_made_to_keep_the_machine_busy_is_refused(
    member: Person, services: Services, text: str
) -> None:
    with pytest.raises(UsageError):
        admin_questions.questions(make_turn(member, text), services)


@pytest.mark.parametrize("text", ["", "12", "可以", "12可以", "12 ", *HARMFUL[:2]])
def test_reply_without_number_and_text_is_refused(member: Person, services: Services, text: str) -> None:
    with pytest.raises(UsageError):
        admin_questions.reply(make_turn(member, text), services)


def test_reply_to_an_unknown_number_is_refused(member: Person, services: Services) -> None:
    with pytest.raises(NotFound) as refused:
        admin_questions.reply(make_turn(member, "999999999 可以"), services)
    assert refused.value.values == {"text": "#999999999"}


def test_reply_that_is_too_long_is_not_sent(uow: UnitOfWork, member: Person, services: Services) -> None:
    person = make_person(uow)
    number = asked(uow, person)
    with pytest.raises(AnswerTooLong) as refused:
        admin_questions.reply(make_turn(member, f"{number} {'长' * 1501}"), services)
    assert "1501" in render(refused.value.template, "zh", **refused.value.values)
    assert texts_to(uow, person) == []


def test_tell_staff_of_question_tells_every_member_in_their_language(uow: UnitOfWork, services: Services) -> None:
    chinese, english = make_person(uow, role="owner"), make_person(uow, role="staff", locale="en")
    person = make_person(uow)
    number = asked(uow, person)
    assert admin_questions.tell_staff_of_question(make_turn(person), services, number) == 2
    assert texts_to(uow, chinese) == [f"有新问题 #{number}（灯笼奖）：\n可以寄样品吗\n答复请发送：/reply {number} 内容"]
    assert texts_to(uow, english)[0].splitlines()[0] == f"New question #{number} (Lantern Prize):"
    assert texts_to(uow, person) == []
