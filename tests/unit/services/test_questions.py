from bot.messages import Address
from bot.services import questions
from storage.records import Person
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import NOW, make_person


def ask(uow: UnitOfWork, person: Person, text: str) -> int | None:
    address = Address("telegram", f"telegram-{person.id}")
    return questions.ask_staff(uow=uow, person_id=person.id, address=address, programme="lantern", text=text, now=NOW)


def test_ask_staff_gives_a_number_and_opens_the_question(uow: UnitOfWork) -> None:
    person = make_person(uow)
    number = ask(uow, person, "可以寄样品吗")
    page = questions.open_questions(uow=uow, limit=10)
    assert [(found.id, found.text, found.person_id) for found in page.questions] == [
        (number, "可以寄样品吗", person.id)
    ]
    assert (page.total, page.more) == (1, False)


def test_ask_staff_again_while_open_keeps_the_number(uow: UnitOfWork) -> None:
    person = make_person(uow)
    assert ask(uow, person, "可以寄样品吗") == ask(uow, person, "可以寄样品吗")
    assert questions.open_questions(uow=uow, limit=10).total == 1


def test_ask_staff_with_five_open_questions_is_refused(uow: UnitOfWork) -> None:
    person, other = make_person(uow), make_person(uow)
    numbers = [ask(uow, person, f"问题{i}") for i in range(5)]
    assert None not in numbers
    assert ask(uow, person, "再问一个") is None
    assert ask(uow, other, "别人的问题") is not None


def test_ask_staff_after_an_answer_has_room_again(uow: UnitOfWork) -> None:
    person, member = make_person(uow), make_person(uow, role="staff")
    first, *_ = [ask(uow, person, f"问题{i}") for i in range(5)]
    assert first is not None
    questions.answer_question(uow=uow, number=first, text="可以", by=member.id, now=NOW)
    assert ask(uow, person, "再问一个") is not None


def test_open_questions_go_on_after_a_number(uow: UnitOfWork) -> None:
    numbers = [ask(uow, make_person(uow), f"问题{i}") for i in range(4)]
    page = questions.open_questions(uow=uow, limit=2)
    assert [found.id for found in page.questions] == numbers[:2]
    assert page.more is True
    rest = questions.open_questions(uow=uow, limit=2, after=page.questions[-1].id)
    assert ([found.id for found in rest.questions], rest.more) == (numbers[2:], False)


def test_answer_question_names_whom_to_tell_in_their_language(uow: UnitOfWork) -> None:
    person, member = make_person(uow, locale="en"), make_person(uow, role="staff")
    number = ask(uow, person, "May I post samples?")
    assert number is not None
    answered = questions.answer_question(uow=uow, number=number, text="Yes.", by=member.id, now=NOW)
    assert answered is not None
    assert (answered.told.person_id, answered.told.locale, answered.addition) == (person.id, "en", False)
    assert questions.open_questions(uow=uow, limit=10).total == 0


def test_answer_question_a_second_time_is_an_addition_that_keeps_the_first(uow: UnitOfWork) -> None:
    member = make_person(uow, role="staff")
    number = ask(uow, make_person(uow), "可以寄样品吗")
    assert number is not None
    questions.answer_question(uow=uow, number=number, text="可以。", by=member.id, now=NOW)
    answered = questions.answer_question(uow=uow, number=number, text="请附清单。", by=member.id, now=NOW)
    assert answered is not None
    assert (answered.addition, answered.text) == (True, "请附清单。")
    stored = questions.get_question(uow=uow, number=number)
    assert stored is not None
    assert stored.answer == "可以。\n\n请附清单。"


def test_answer_question_of_an_unknown_number_is_none(uow: UnitOfWork) -> None:
    member = make_person(uow, role="staff")
    for number in (0, 7, 10**30):
        assert questions.answer_question(uow=uow, number=number, text="可以", by=member.id, now=NOW) is None
