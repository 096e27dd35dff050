from bot.handlers import admin_stats
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import NOW, make_person, make_services, make_submission, make_turn


def test_stats_shows_people_drafts_submissions_and_questions(uow: UnitOfWork) -> None:
    member, applicant = make_person(uow, role="staff"), make_person(uow, channel="wechat")
    make_submission(uow, applicant, 1)
    make_submission(uow, applicant, 2, state="in_review")
    uow.applications.create("lantern", 2026, applicant.id, "f1", NOW)
    uow.questions.add(applicant.id, "wechat", "wechat-2", "", "可以吗", NOW)
    [reply] = admin_stats.stats(make_turn(member), make_services(uow))
    assert reply.text == "\n".join(
        [
            "用户：2（Telegram 1，微信 1）",
            "草稿：1",
            "灯笼奖：2",
            "· 已提交 1",
            "· 评审中 1",
            "问题：待答复 1，已答复 0",
            "消息：待发 0，等对方来信 0，失败 0，不明 0",
        ]
    )


def test_stats_of_an_empty_installation_are_zero(uow: UnitOfWork) -> None:
    member = make_person(uow, role="staff", locale="en")
    [reply] = admin_stats.stats(make_turn(member), make_services(uow))
    assert reply.text == "\n".join(
        [
            "People: 1 (Telegram 1)",
            "Drafts: 0",
            "Submitted applications: 0",
            "Questions: 0 open, 0 answered",
            "Messages: 0 to be sent, 0 waiting for the person's next contact, 0 failed, 0 unknown",
        ]
    )
