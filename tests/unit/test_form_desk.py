"""Links and sessions of the form page as tokens."""

from datetime import timedelta
from urllib.parse import urlsplit

from bot.form_desk import LINK_LIFETIME, FormLinks
from bot.links import Expired, Invalid
from bot.services.form_page import Holder
from tests.fixtures.people import NOW

LINKS = FormLinks(b"a key of this test", "https://laurel.example/", outside=True)
HOLDER = Holder(17, 3)


def token_of(url: str) -> str:
    return urlsplit(url).path.removeprefix("/form/")


def test_link_names_the_application_and_the_person_until_it_expires() -> None:
    url = LINKS.page_url(17, 3, NOW)
    assert url.startswith("https://laurel.example/form/")
    assert LINKS.read(token_of(url), NOW) == HOLDER
    assert isinstance(LINKS.read(token_of(url), NOW + LINK_LIFETIME), Expired)


def test_two_links_to_the_same_differ() -> None:
    assert LINKS.page_url(17, 3, NOW) != LINKS.page_url(17, 3, NOW)


def test_session_is_of_a_holder_and_a_browser_for_a_day() -> None:
    session = LINKS.sign_session(HOLDER, "ab12", NOW)
    assert LINKS.read_session(session, NOW + timedelta(hours=23)) == (HOLDER, "ab12")
    assert LINKS.read_session(session, NOW + timedelta(hours=25)) is None


def test_link_is_no_session_and_a_session_no_link() -> None:
    assert LINKS.read_session(token_of(LINKS.page_url(17, 3, NOW)), NOW) is None
    assert LINKS.read(LINKS.sign_session(HOLDER, "ab12", NOW), NOW) == Invalid()


def test_link_leads_to_where_the_server_listens_unless_an_address_was_set() -> None:
    here = FormLinks(b"key", "http://127.0.0.1:0", outside=False)
    here.listens_at("http://127.0.0.1:4711")
    LINKS.listens_at("http://127.0.0.1:4711")
    assert here.page_url(1, 1, NOW).startswith("http://127.0.0.1:4711/form/")
    assert LINKS.page_url(1, 1, NOW).startswith("https://laurel.example/form/")
