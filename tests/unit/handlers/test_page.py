"""/page: the link, and what the form page says in the chat."""

from typing import Any

import pytest

from bot.form_desk import FormLinks
from bot.messages import Rights
from bot.services import applications
from bot.services.form_page import Holder
from storage.records import Application, Person
from storage.unit_of_work import UnitOfWork
from tests.fixtures.chat import Chat
from tests.fixtures.form_house import FORM
from tests.fixtures.people import NOW, make_person, make_programme, make_services

OUTSIDE = FormLinks(b"a key of this test", "https://laurel.example", outside=True)
HERE = FormLinks(b"a key of this test", "http://127.0.0.1:8080", outside=False)
LANTERN = make_programme(form=FORM)
KITES = make_programme(id="kites", form=FORM, name=LANTERN.name, aliases=("风筝",))
CHANNELS = {"telegram": Rights(), "webchat": Rights(mailbox=True)}


def chat(uow: UnitOfWork, person: Person, links: FormLinks | None = OUTSIDE, channel: str = "telegram") -> Chat:
    services = make_services(uow, LANTERN, KITES, links=links, rights=CHANNELS)
    return Chat(services, person, channel=channel)


def draft(uow: UnitOfWork, person: Person, programme: str = "lantern", **answers: Any) -> Application:
    made = uow.applications.create(programme, 2026, person.id, FORM.version, NOW)
    uow.applications.save_answers(made.id, answers, NOW)
    return made


@pytest.fixture
def anna(uow: UnitOfWork) -> Person:
    return make_person(uow, "安娜")


def test_page_gives_a_link_to_the_open_draft(uow: UnitOfWork, anna: Person) -> None:
    made = draft(uow, anna)
    (text,) = chat(uow, anna).say("网页")
    url = text.splitlines()[1]
    assert url.startswith("https://laurel.example/form/")
    assert OUTSIDE.read(url.rpartition("/")[2], NOW) == Holder(made.id, anna.id)
    assert text.splitlines()[2].startswith("24 小时内有效，只供您本人使用")


def test_page_without_a_draft_says_how_to_begin(uow: UnitOfWork, anna: Person) -> None:
    here = chat(uow, anna)
    assert here.say("/page") == ["您现在没有正在填写的申报。发送“申报”开始一份。"]
    assert here.labels == ["开始申报"]


def test_page_with_two_drafts_asks_which(uow: UnitOfWork, anna: Person) -> None:
    first, second = draft(uow, anna), draft(uow, anna, "kites")
    here = chat(uow, anna)
    here.say("/page")
    assert [choice.value for choice in here.state.choices] == [f"/page {second.id}", f"/page {first.id}"]


def test_page_where_no_address_is_known_goes_on_in_the_chat(uow: UnitOfWork, anna: Person) -> None:
    draft(uow, anna)
    sorry = ["这里没有可用的网页地址，请在聊天里继续填写，内容完全一样。"]
    assert chat(uow, anna, None).say("/page") == sorry
    assert chat(uow, anna, HERE).say("/page") == sorry


def test_page_at_the_chat_page_leads_to_this_machine(uow: UnitOfWork, anna: Person) -> None:
    draft(uow, anna)
    (text,) = chat(uow, anna, HERE, "webchat").say("/page")
    assert text.splitlines()[1].startswith("http://127.0.0.1:8080/form/")


def test_page_in_the_middle_of_the_form_comes_before_the_same_prompt(uow: UnitOfWork, anna: Person) -> None:
    here = chat(uow, anna)
    here.say("/apply lantern")
    prompt = here.last
    link, again = here.say("/page")
    assert ("https://laurel.example/form/" in link, again) == (True, prompt)


@pytest.mark.parametrize("text", ["/page x", "/page submit", "/page back x", "/page 1 2 3", "/page back ²"])
def test_page_with_a_word_that_means_nothing_is_explained(uow: UnitOfWork, anna: Person, text: str) -> None:
    draft(uow, anna)
    assert "/page" in chat(uow, anna).say(text)[0]


@pytest.mark.parametrize("word", ["", "submit ", "back "])
def test_page_of_another_person_is_not_found(uow: UnitOfWork, anna: Person, word: str) -> None:
    theirs = draft(uow, make_person(uow, "贝拉"), name="小橘灯")
    here = chat(uow, anna)
    (text,) = here.say(f"/page {word}{theirs.id}")
    assert ("小橘灯" in text, here.state.flow) == (False, "")


def test_way_back_says_what_is_saved_and_asks_what_is_open(uow: UnitOfWork, anna: Person) -> None:
    made = draft(uow, anna, name="小橘灯", kind="lamp")
    saved, prompt = chat(uow, anna).say(f"/page back {made.id}")
    assert saved.splitlines() == [
        "「灯笼奖」网页上填的都已保存：2/11 项。",
        "必填还缺：个人信息处理告知、创作故事、部件、作品照片等 5 项。",
    ]
    assert "个人信息处理告知" in prompt


def test_way_back_passes_over_what_was_answered_on_the_page(uow: UnitOfWork, anna: Person) -> None:
    here = chat(uow, anna)
    here.say("/apply lantern", "同意")
    assert "作品名称" in here.last
    found = applications.find_draft(uow=uow, programme=LANTERN, person_id=anna.id)
    assert found is not None
    uow.applications.save_answers(found.id, {"name": "小橘灯", "kind": "lamp"}, NOW)
    texts = here.say(f"/page back {found.id}")
    assert (len(texts), "所用材料" in texts[-1]) == (2, True)


def test_way_back_to_the_same_prompt_shows_it_once(uow: UnitOfWork, anna: Person) -> None:
    here = chat(uow, anna)
    here.say("/apply lantern")
    found = applications.find_draft(uow=uow, programme=LANTERN, person_id=anna.id)
    assert found is not None
    texts = here.say(f"/page back {found.id}")
    assert [text for text in texts[1:] if "个人信息处理告知" in text] == texts[1:]
    assert len(texts) == 2


def test_submission_that_lacks_something_shows_what(uow: UnitOfWork, anna: Person) -> None:
    made = draft(uow, anna, name="小橘灯")
    here = chat(uow, anna)
    here.say(f"/page submit {made.id}")
    assert ("还缺" in here.whole, here.state.flow) == (True, "apply")
    found = uow.applications.get(made.id)
    assert found is not None
    assert found.state == "draft"
