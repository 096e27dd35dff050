"""What the forms of the programmes that ship take and refuse, each by its own guide: files, lengths, days, choices."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from bot.flows import engine, fields, outline
from bot.flows.scope import Scope
from bot.flows.values import Input, Moment, Problem, Reading
from bot.services import programmes
from knowledge.programme import Programme
from storage.database import Storage
from storage.unit_of_work import UnitOfWork
from tests.fixtures.filled import LIGHT, OPEN, PIONEER, fill_form, make_attachment, make_desk

M = 1024 * 1024


@pytest.fixture
def uow(sqlite_storage: Storage) -> Iterator[UnitOfWork]:
    """One transaction on a new SQLite database."""
    with sqlite_storage._engine.begin() as connection:
        yield UnitOfWork(connection)


def moment_of(programme: Programme, now: datetime | None = None) -> Moment:
    at = now or OPEN[programme.id]
    return Moment(at.astimezone(programme.zone), programmes.edition_year(programme, at))


def read(
    programme: Programme, key: str, given: Input, now: datetime | None = None, **answers: Any
) -> Reading | Problem:
    assert programme.form is not None
    scope = Scope(programme.form, answers)
    return fields.read(programme.form.field(key), given, moment=moment_of(programme, now), scope=scope)


def problem(found: Reading | Problem) -> Problem:
    assert isinstance(found, Problem)
    return found


# 5: the qualification document


@pytest.mark.parametrize(
    ("size", "kind"),
    [(149_999, "file_small"), (150_000, ""), (3_145_728, ""), (3_145_729, "file_large")],
)
def test_light_qualification_file_has_a_least_and_a_greatest_size(size: int, kind: str) -> None:
    found = read(LIGHT, "qualification_file", Input(files=(make_attachment(size),)))
    assert (found.kind if isinstance(found, Problem) else "") == kind


def test_light_qualification_file_of_two_images_is_to_be_merged() -> None:
    images = tuple(make_attachment(200_000, "jpg", number=number) for number in (1, 2))
    found = problem(read(LIGHT, "qualification_file", Input(files=images)))
    assert found.kind == "many_files"
    assert found.values["instead"].zh == "资质材料只收一个文件。超过一页请合并成一个PDF再发。"


# 6: limits in 字


@pytest.mark.parametrize(
    ("text", "over"), [("字" * 1200, 0), ("字" * 1201, 1), ("字" * 1237, 37), (("字" * 30 + "\n") * 40, 0)]
)
def test_light_summary_counts_characters_and_tells_the_overshoot(text: str, over: int) -> None:
    found = read(LIGHT, "ach_summary", Input(text=text))
    expected = {"over": over, "limit": 1200, "count": 1200 + over, "by": "guide"}
    assert found == Problem("too_long", expected) if over else isinstance(found, Reading)


@pytest.mark.parametrize(("outlook", "kind"), [(500, ""), (501, "group_too_long")])
def test_light_application_shares_1200_between_its_parts(outlook: int, kind: str) -> None:
    found = read(LIGHT, "ach_app_outlook", Input(text="字" * outlook), ach_app_results="字" * 700)
    assert (found.kind if isinstance(found, Problem) else "") == kind
    assert not kind or problem(found).values["over"] == 1


@pytest.mark.parametrize(("words", "kind"), [(100, ""), (101, "too_many_words")])
def test_light_english_profile_counts_words(words: int, kind: str) -> None:
    found = read(LIGHT, "org_intro_en", Input(text="word " * words))
    assert (found.kind if isinstance(found, Problem) else "") == kind


# 7: hidden answers are kept, and neither asked for nor submitted

EXPERT = [{"name": "王教授", "title": "教授", "org": "示例大学", "phone": "+861012345678"}]


def light_answers(**given: Any) -> dict[str, Any]:
    assert LIGHT.form is not None
    return fill_form(LIGHT.form, moment_of(LIGHT), **given)


@pytest.mark.parametrize(
    ("answers", "switched", "hidden"),
    [
        ({"channel": "self", "experts": EXPERT}, {"channel": "hubei"}, {"experts", "expert_reason"}),
        (
            {"region": "mainland", "srdi_level": "provincial"},
            {"region": "abroad", "country": "马来西亚"},
            {"srdi_level"},
        ),
    ],
)
def test_light_hidden_answers_come_back(
    uow: UnitOfWork, answers: dict[str, Any], switched: dict[str, Any], hidden: set[str]
) -> None:
    assert LIGHT.form is not None
    before = light_answers(**answers)
    after = {**before, **switched}
    shown = {one.key for one in outline.visible(LIGHT.form, before)}
    assert hidden <= shown
    assert hidden.isdisjoint(one.key for one in outline.visible(LIGHT.form, after))
    version = make_desk(uow, LIGHT, **after).submitted().version
    assert hidden.isdisjoint(version.answers)
    assert "王教授" not in str(version.answers)
    back = outline.submitted_answers(LIGHT.form, {**after, **answers})
    assert {key: back[key] for key in hidden} == {key: before[key] for key in hidden}


# 8: released on 1 January 2022 or later


@pytest.mark.parametrize(
    ("day", "kind", "warnings"),
    [
        ("2021-12-31", "not_before", []),
        ("2022-01-01", "", ["not_on"]),
        ("2022-01-02", "", []),
        ("2022-12-02", "not_future", []),
    ],
)
def test_light_release_date(day: str, kind: str, warnings: list[str]) -> None:
    found = read(LIGHT, "ach_release_date", Input(text=day))
    if isinstance(found, Problem):
        assert (found.kind, warnings) == (kind, [])
        assert kind == "not_future" or found.values["quote"].startswith("4.申请成果应为2022年1月1日后发布上市")
    else:
        assert ("", [one.kind for one in found.warnings]) == (kind, warnings)


# 9: the subject of the e-mail


@pytest.mark.parametrize(
    ("unit", "chosen", "name", "expected"),
    [
        ("person", "person", "张三", "年度科创先锋人物+张三"),
        ("enterprise", "engine", "某某科技有限公司", "年度先锋引擎+某某科技有限公司"),
    ],
)
def test_pioneer_mail_subject(unit: str, chosen: str, name: str, expected: str) -> None:
    form = PIONEER.form
    assert form is not None
    answers = {"unit": unit, "list": chosen, "entrant_name": name}
    assert outline.computed(form, answers, form.field("mail_subject")) == expected


# 10: what is too large goes by a link


@pytest.mark.parametrize(
    ("sizes", "kind"),
    [([20 * M], ""), ([21 * M], "files_large"), ([11 * M, 10 * M], "files_large"), ([10 * M, 10 * M], "")],
)
def test_pioneer_attachments_over_20m_ask_for_a_link(sizes: list[int], kind: str) -> None:
    files = tuple(make_attachment(size, "mp4", number=number) for number, size in enumerate(sizes, 1))
    found = read(PIONEER, "evidence", Input(files=files))
    assert (found.kind if isinstance(found, Problem) else "") == kind
    assert not kind or "分享链接写到【其他申报材料说明】" in problem(found).values["instead"].zh


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("演示视频 https://pan.example.com/s/1，提取码 ab12", ""),
        ("演示视频 pan.example.com/s/1", "link"),
        ("视频已另寄", "link"),
    ],
)
def test_pioneer_note_on_other_material_needs_a_link(text: str, kind: str) -> None:
    found = read(PIONEER, "other_material_note", Input(text=text))
    assert (found.kind if isinstance(found, Problem) else "") == kind


def test_pioneer_link_stands_for_the_files(uow: UnitOfWork) -> None:
    version = make_desk(uow, PIONEER, other_material_note="https://pan.example.com/s/1").submitted().version
    assert "evidence" not in version.answers


# What the guides forbid is refused; where they are silent or ambiguous it is kept with a warning


def warned(found: Reading | Problem) -> list[str]:
    assert isinstance(found, Reading)
    return [one.kind for one in found.warnings]


@pytest.mark.parametrize(
    ("chosen", "refused"), [("engine", True), ("person", True), ("park", True), ("product", False)]
)
def test_pioneer_grave_event_bars_those_that_the_guide_names(chosen: str, refused: bool) -> None:
    units = {"engine": "enterprise", "person": "person", "park": "city", "product": "product"}
    found = read(PIONEER, "elig_event", Input(choice="yes"), unit=units[chosen], list=chosen)
    assert isinstance(found, Problem) is refused
    assert refused or warned(found) == ["none_of"]
    assert warned(read(PIONEER, "elig_event", Input(choice="no"), unit=units[chosen], list=chosen)) == []


@pytest.mark.parametrize(("origin", "expected"), [("domestic", ["han"]), ("foreign", [])])
def test_pioneer_domestic_entry_in_english_is_warned_of(origin: str, expected: list[str]) -> None:
    assert warned(read(PIONEER, "capability", Input(text="Forty engineers."), origin=origin)) == expected


@pytest.mark.parametrize(("year", "expected"), [("2019", []), ("2018", ["within_years"])])
def test_pioneer_project_before_the_window_is_warned_of(year: str, expected: list[str]) -> None:
    assert PIONEER.form is not None
    column = next(one for one in PIONEER.form.field("projects_3_5y").columns if one.key == "end_year")
    assert warned(fields.read(column, Input(text=year), moment=moment_of(PIONEER))) == expected


@pytest.mark.parametrize(("unit", "asked"), [("person", "elig_event"), ("product", "elig_event"), ("city", "list")])
def test_pioneer_unit_with_one_list_answers_it(unit: str, asked: str) -> None:
    assert PIONEER.form is not None
    answers = {"consent_privacy": light_answers()["consent_privacy"]}
    step = engine.answer(
        PIONEER.form, answers, {"at": "field", "field": "unit"}, Input(choice=unit), moment_of(PIONEER)
    )
    assert step.cursor["field"] == asked
    assert step.changes.get("list") == (unit if asked == "elig_event" else None)


def test_pioneer_list_of_another_unit_has_to_be_chosen_again() -> None:
    assert PIONEER.form is not None
    answers = fill_form(PIONEER.form, moment_of(PIONEER), unit="enterprise", list="rising")
    gaps = outline.gaps(PIONEER.form, {**answers, "unit": "city"}, moment_of(PIONEER))
    assert "list" in [gap.field.key for gap in gaps]


@pytest.mark.parametrize(("owner", "expected"), [("示例科技有限公司", []), ("另一家公司", ["among"])])
def test_light_owner_is_compared_with_the_certificates(owner: str, expected: list[str]) -> None:
    rows = [{"inventor_or_owner": "示例科技有限公司、张三"}]
    assert warned(read(LIGHT, "achievement_owner", Input(text=owner), ip_table=rows)) == expected


@pytest.mark.parametrize(
    ("key", "choice"),
    [("elig_region", "no"), ("elig_clean", "some"), ("unit_nature", "team"), ("ach_first_release", "first")],
)
def test_light_doubtful_entrants_may_go_on(key: str, choice: str) -> None:
    assert warned(read(LIGHT, key, Input(choice=choice))) == ["none_of"]


@pytest.mark.parametrize(
    ("code", "region", "expected"), [("430000", "mainland", []), ("43", "mainland", ["digits"]), ("43", "abroad", [])]
)
def test_light_postcode_has_six_digits_at_home(code: str, region: str, expected: list[str]) -> None:
    assert warned(read(LIGHT, "contact_postcode", Input(text=code), region=region)) == expected


@pytest.mark.parametrize(
    ("day", "kind"),
    [("2022-12-20", ""), ("2022-12-21", "not_after"), ("2023-01-01", "in_year"), ("2021-12-01", "in_year")],
)
def test_light_pledge_is_dated_in_its_year_and_before_the_deadline(day: str, kind: str) -> None:
    found = read(LIGHT, "pledge_date", Input(text=day))
    assert (found.kind if isinstance(found, Problem) else "") == kind


def test_light_pledge_proposes_contact_and_phone() -> None:
    assert LIGHT.form is not None
    answers = {"contact_name": "李四", "contact_mobile": "+861012345678", "ach_name": "示例成果"}
    scope = Scope(LIGHT.form, answers)
    proposed = [outline.proposed(LIGHT.form.field(key), scope) for key in ("pledge_contact", "pledge_phone")]
    assert proposed == ["李四", "010-12345678"]
    assert outline.computed(LIGHT.form, answers, LIGHT.form.field("pledge_project")) == "示例成果"
