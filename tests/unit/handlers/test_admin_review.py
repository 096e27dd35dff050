from dataclasses import replace

import pytest

from bot.context import Services
from bot.errors import BotError, NotAllowedNow, NotFound, PrivateOnly, UnknownProgramme, UsageError
from bot.handlers import admin_review
from bot.handlers.admin_review import NoReasonTaken, NotContested, ReasonNeeded, ReasonTooLong
from bot.handlers.arguments import Mistyped
from bot.messages import Reply
from bot.render import render
from storage.records import Application, Person
from storage.unit_of_work import UnitOfWork
from tests.fixtures.boats import BOATS, make_file
from tests.fixtures.people import (
    NOW,
    make_person,
    make_programme,
    make_services,
    make_submission,
    make_turn,
    texts_to,
)


@pytest.fixture
def member(uow: UnitOfWork) -> Person:
    return make_person(uow, "李", role="staff")


@pytest.fixture
def services(uow: UnitOfWork) -> Services:
    return make_services(uow)


def receipt_of(application: Application) -> str:
    assert application.receipt is not None
    return application.receipt


def values(reply: Reply) -> list[str]:
    return [choice.value for choice in reply.choices]


def test_find_by_receipt_shows_the_card(uow: UnitOfWork, member: Person, services: Services) -> None:
    applicant = make_person(uow)
    receipt = receipt_of(make_submission(uow, applicant, 123))
    [reply] = admin_review.find(make_turn(member, receipt.lower()), services)
    assert reply.text == "\n".join(
        [
            receipt,
            "晨光科技有限公司",
            "灯笼奖",
            "状态：已提交",
            "提交：2026年11月20日（周五）12:00（北京时间），共 1 版",
            f"申报人：#{applicant.id}（Telegram）",
            f"· 2026年11月20日（周五）12:00（北京时间） 已提交（#{applicant.id}）",
        ]
    )
    assert values(reply) == [
        f"/find {receipt} answers",
        f"/move {receipt} in_review",
        f"/move {receipt} shortlisted",
        f"/move {receipt} selected",
        f"/move {receipt} not_selected",
    ]


def test_find_by_company_with_several_offers_each(uow: UnitOfWork, member: Person, services: Services) -> None:
    made = [make_submission(uow, make_person(uow), number) for number in (1, 2)]
    [reply] = admin_review.find(make_turn(member, "晨光"), services)
    assert sorted(values(reply)) == [f"/find {receipt_of(found)}" for found in made]


def test_find_answers_shows_what_was_submitted_by_section(uow: UnitOfWork, member: Person, services: Services) -> None:
    answers = {
        "name": "晨光科技有限公司",
        "size": "small",
        "works": [{"title": "灯一", "year": "2025"}, {"title": "灯二"}],
        "email": "someone@example.com",
        "consent": {"agreed_at": "2026-11-20T12:00:00+08:00", "wording": "abc"},
        "gone": ["旧", "字段"],
    }
    receipt = receipt_of(make_submission(uow, make_person(uow), 1, answers=answers))
    replies = admin_review.find(make_turn(member, f"{receipt} 答案"), services)
    assert [reply.text for reply in replies] == [
        f"{receipt} 第 1 版所填内容：",
        "【单位信息】\n单位名称：晨光科技有限公司\n规模：小型",
        "\n".join(
            [
                "【作品】",
                "作品清单：2 项",
                "1. 名称：灯一；年份：2025",
                "2. 名称：灯二",
                "电子邮箱：someone@example.com",
                "同意公示：已同意（2026年11月20日（周五）12:00（北京时间））",
            ]
        ),
        "【旧版表格的字段】\ngone: 旧 / 字段",
    ]


def test_find_answers_names_files_and_writes_values_as_people_read_them(uow: UnitOfWork, member: Person) -> None:
    files = [make_file("执照.pdf"), make_file("执照2.pdf")]
    answers = {"sails": ["main", "jib"], "licence": files, "contact": "张三"}
    receipt = receipt_of(make_submission(uow, make_person(uow), 1, answers=answers))
    services = make_services(uow, make_programme(form=BOATS))
    _, *sections = admin_review.find(make_turn(member, f"{receipt} 答案"), services)
    assert [section.text for section in sections] == [
        "【船只】\n帆的种类：主帆、前帆",
        "【材料】\n资质材料：执照.pdf、执照2.pdf",
        "【联系】\n联系人：张三",
    ]


def test_find_answers_in_a_group_is_refused_and_not_offered(
    uow: UnitOfWork, member: Person, services: Services
) -> None:
    receipt = receipt_of(make_submission(uow, make_person(uow), 1))
    with pytest.raises(PrivateOnly):
        admin_review.find(make_turn(member, f"{receipt} answers", private=False), services)
    [reply] = admin_review.find(make_turn(member, receipt, private=False), services)
    assert f"/find {receipt} answers" not in values(reply)


@pytest.mark.parametrize(
    ("text", "error"),
    [("", UsageError), ("没有这家", NotFound), ("% _" * 40_000, NotFound), ("LAN-2026-000123-Z", Mistyped)],
)
def test_find_what_is_not_there_is_refused(
    member: Person, services: Services, text: str, error: type[BotError]
) -> None:
    with pytest.raises(error):
        admin_review.find(make_turn(member, text), services)


@pytest.mark.parametrize(
    "text", ["已提交", "submitted", "ＳＵＢＭＩＴＴＥＤ", " 已提交  1", "灯笼奖 已提交", "submitted lantern 1"]
)
def test_list_understands_states_in_both_languages(
    uow: UnitOfWork, member: Person, services: Services, text: str
) -> None:
    inside = make_submission(uow, make_person(uow), 1)
    make_submission(uow, make_person(uow), 2, state="in_review")
    [reply] = admin_review.list_(make_turn(member, text), services)
    assert values(reply) == [f"/find {receipt_of(inside)}"]


def test_list_without_a_state_shows_it_with_each(uow: UnitOfWork, member: Person, services: Services) -> None:
    receipt = receipt_of(make_submission(uow, make_person(uow), 1, state="not_selected"))
    [reply] = admin_review.list_(make_turn(member, ""), services)
    assert reply.text == "全部项目（第 1 页）"
    assert [choice.label for choice in reply.choices] == [f"{receipt} 晨光科技有限公司（未入选）"]


def test_list_pages_by_choices(uow: UnitOfWork, member: Person, services: Services) -> None:
    person = make_person(uow)
    for number in range(1, 10):
        make_submission(uow, person, number, state="in_review")
    [first] = admin_review.list_(make_turn(member, "in review 灯笼"), services)
    assert values(first)[-1] == "/list in_review lantern 2"
    [second] = admin_review.list_(make_turn(member, "in_review lantern 2"), services)
    assert len(second.choices) == 1
    [third] = admin_review.list_(make_turn(member, "in_review lantern 3"), services)
    assert third.text == "没有更多灯笼奖“评审中”的申报。"


def test_list_of_drafts_says_that_they_are_private(uow: UnitOfWork, member: Person, services: Services) -> None:
    uow.applications.create("lantern", 2026, make_person(uow).id, "f1", NOW)
    [reply] = admin_review.list_(make_turn(member, "草稿"), services)
    assert reply.text == "草稿只有申报人自己能看。草稿的数量见 /stats。"


def test_list_of_a_very_long_text_is_refused(member: Person, services: Services) -> None:
    with pytest.raises(UnknownProgramme):
        admin_review.list_(make_turn(member, "a " * 50_000), services)


def test_list_of_an_unknown_word_names_the_programmes(member: Person, services: Services) -> None:
    with pytest.raises(UnknownProgramme) as refused:
        admin_review.list_(make_turn(member, "什么"), services)
    assert refused.value.values == {"text": "什么", "known": ["灯笼奖"]}


@pytest.mark.parametrize("separator", [" ", "　", "： ", ":"])
def test_move_tells_the_applicant_in_their_language_with_the_reason(
    uow: UnitOfWork, member: Person, services: Services, separator: str
) -> None:
    applicant = make_person(uow, locale="en")
    receipt = receipt_of(make_submission(uow, applicant, 1))
    [reply] = admin_review.move(make_turn(member, f"{receipt} 退回{separator}缺少盖章页，请补：1 份"), services)
    assert reply.text == f"{receipt} 已变为“已退回”。已通知申报人。"
    [told] = texts_to(uow, applicant)
    assert told.splitlines() == [
        (
            f"Lantern Prize: your application {receipt} (晨光科技有限公司) was returned."
            " Please change it and submit it again."
        ),
        "Reason: 缺少盖章页，请补：1 份",
        "Send “apply” to go on with it.",
    ]
    assert texts_to(uow, member) == []


@pytest.mark.parametrize("word", ["评审中", "in_review", "In Review", "in-review", "ＩＮ＿ＲＥＶＩＥＷ", "评审"])
def test_move_understands_states_however_they_are_written(
    uow: UnitOfWork, member: Person, services: Services, word: str
) -> None:
    application = make_submission(uow, make_person(uow), 1)
    admin_review.move(make_turn(member, f"  {receipt_of(application).lower()}   {word} "), services)
    assert uow.applications.lock(application.id).state == "in_review"


@pytest.mark.parametrize("word", ["shortlisted", "初选入围", "selected", "最终入选", "未入选", "not selected"])
def test_move_to_a_decision_tells_nobody(uow: UnitOfWork, member: Person, services: Services, word: str) -> None:
    applicant = make_person(uow)
    application = make_submission(uow, applicant, 1, state="in_review")
    [reply] = admin_review.move(make_turn(member, f"{receipt_of(application)} {word}"), services)
    assert values(reply) == ["/publish lantern"]
    assert texts_to(uow, applicant) == []
    assert uow.applications.lock(application.id).state == "in_review"


def test_move_by_the_word_that_means_two_results_asks_which(
    uow: UnitOfWork, member: Person, services: Services
) -> None:
    application = make_submission(uow, make_person(uow), 1, state="in_review")
    receipt = receipt_of(application)
    [reply] = admin_review.move(make_turn(member, f"{receipt} 入围"), services)
    assert values(reply) == [f"/move {receipt} shortlisted", f"/move {receipt} selected"]
    assert uow.applications.lock(application.id).decision == ""


@pytest.mark.parametrize(
    ("rest", "error"),
    [
        ("", UsageError),
        ("什么", UsageError),
        ("退回", ReasonNeeded),
        ("ineligible", ReasonNeeded),
        ("selected well done", NoReasonTaken),
        (f"returned {'x' * 100_000}", ReasonTooLong),
        ("已提交", NotAllowedNow),
        ("draft", NotAllowedNow),
        ("confirm", NotContested),
    ],
)
def test_move_that_cannot_be_made_changes_nothing(
    uow: UnitOfWork, member: Person, services: Services, rest: str, error: type[BotError]
) -> None:
    application = make_submission(uow, make_person(uow), 1)
    with pytest.raises(error) as refused:
        admin_review.move(make_turn(member, f"{receipt_of(application)} {rest}"), services)
    for locale in ("zh", "en"):
        assert render(refused.value.template, locale, **refused.value.values)
    assert uow.applications.lock(application.id) == application


@pytest.mark.parametrize(
    ("text", "error"),
    [("", UsageError), ("评审中", UsageError), ("LAN-2026-000001-Z 评审中", Mistyped), ("confirm", UsageError)],
)
def test_move_without_a_receipt_is_refused(
    member: Person, services: Services, text: str, error: type[BotError]
) -> None:
    with pytest.raises(error):
        admin_review.move(make_turn(member, text), services)


def test_move_of_somebody_without_an_account_says_so(uow: UnitOfWork, member: Person, services: Services) -> None:
    applicant = make_person(uow)
    receipt = receipt_of(make_submission(uow, applicant, 1))
    uow.identities.mark_unreachable("telegram", f"telegram-{applicant.id}", "blocked")
    [reply] = admin_review.move(make_turn(member, f"{receipt} 评审中"), services)
    assert reply.text == f"{receipt} 已变为“评审中”。申报人已没有可送达的账号，未能通知。"


def test_move_confirm_settles_a_contested_submission_and_tells_both(
    uow: UnitOfWork, member: Person, services: Services
) -> None:
    one, two = make_person(uow), make_person(uow)
    first, second = make_submission(uow, one, 1), make_submission(uow, two, 2)
    uow.applications.update(first.id, NOW, contested_by=second.id)
    [card] = admin_review.find(make_turn(member, receipt_of(first)), services)
    assert f"/move {receipt_of(first)} confirm" in values(card)
    [reply] = admin_review.move(make_turn(member, f"{receipt_of(second)} 确认"), services)
    assert reply.text == f"以 {receipt_of(second)} 为准；{receipt_of(first)} 已被取代。双方都已通知。"
    assert texts_to(uow, one) == [
        f"「灯笼奖」您的申报 {receipt_of(first)}（晨光科技有限公司）已由同一申报单位的另一份取代，不再参加评审。"
    ]
    assert texts_to(uow, two) == [
        f"「灯笼奖」晨光科技有限公司 以您的申报 {receipt_of(second)} 为准，同名的另一份已被取代。"
    ]


def test_card_of_an_application_whose_pack_is_gone_shows_ids(uow: UnitOfWork, member: Person) -> None:
    receipt = receipt_of(make_submission(uow, make_person(uow), 1, programme="kite", prefix="KITE"))
    services = make_services(uow)
    [reply] = admin_review.find(make_turn(replace(member, locale="en"), receipt), services)
    assert reply.text.splitlines()[2] == "kite"
    replies = admin_review.find(make_turn(member, f"{receipt} answers"), services)
    assert replies[1].text == "【旧版表格的字段】\nname: 晨光科技有限公司"
