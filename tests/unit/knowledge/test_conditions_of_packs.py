"""What the shipped forms require of whom: for each list of a programme, and for each answer that others hang on."""

from typing import Any

import pytest

from bot.flows import outline
from knowledge.form import Form, Stage
from knowledge.library import Library


def form_of(library: Library, name: str) -> Form:
    form = library.programmes[name].form
    assert form is not None
    return form


def required(form: Form, answers: dict[str, Any], stage: Stage = Stage.ENTRY) -> list[str]:
    shown = outline.visible(form.at(stage), answers)
    return [field.key for field in shown if outline.is_required(field, answers)]


# Sci-tech pioneer: what is required of somebody who enters themselves, at home, with files as evidence.

BEFORE = ["consent_privacy", "unit", "list", "elig_event", "way", "entrant_name"]
STORY = ["projects_3_5y", "capability"]
FACTS = ["financing", "innovation_rating", "innovation_input", "ip_assets"]
AFTER = ["applicant_name", "applicant_phone", "applicant_email"]
SIGNED = ["declare_real", "declare_ip", "licence_grant", "ack_no_return"]
COMPANY_SIGNED = ["declare_real", "declare_clean", "declare_ip", "licence_grant", "ack_no_return"]
DIMENSIONS = ["dim_innovation", "dim_technology", "dim_frontier", "dim_application", "dim_market"]
LISTS: dict[str, tuple[str, list[str]]] = {
    "productive": (
        "enterprise",
        [*BEFORE, "origin", "industry", *STORY, *FACTS, "nqpf_traits", *AFTER, *COMPANY_SIGNED],
    ),
    "engine": ("enterprise", [*BEFORE, "origin", "industry", *STORY, *FACTS, "engine_points", *AFTER, *COMPANY_SIGNED]),
    "rising": ("enterprise", [*BEFORE, "origin", "industry", *STORY, *FACTS, "rising_points", *AFTER, *COMPANY_SIGNED]),
    "person": (
        "person",
        [
            *BEFORE,
            *("entrant_org", "origin", "industry", "person_role"),
            *STORY,
            *FACTS,
            "person_points",
            *AFTER,
            *SIGNED,
        ],
    ),
    "park": ("city", [*BEFORE, "origin", "industry", "park_kind", *STORY, *FACTS, "park_points", *AFTER, *SIGNED]),
    "district": (
        "city",
        [*BEFORE, "origin", "industry", "district_stage", *STORY, *FACTS, "district_points", *AFTER, *SIGNED],
    ),
    "product": (
        "product",
        [*BEFORE, "entrant_org", "origin", "product_class", *STORY, *DIMENSIONS, *AFTER, *SIGNED],
    ),
}
EVIDENCE = [{"key": "0" * 64, "name": "a.pdf", "kind": "pdf", "size": 9, "pages": 1, "width": None, "height": None}]


def entry(chosen: str, **answers: Any) -> dict[str, Any]:
    given = {"unit": LISTS[chosen][0], "list": chosen, "way": "self", "origin": "domestic", "evidence": EVIDENCE}
    return {**given, **answers}


@pytest.mark.parametrize("chosen", LISTS)
def test_each_list_requires_its_own_fields(library: Library, chosen: str) -> None:
    assert required(form_of(library, "sci-tech-pioneer"), entry(chosen)) == LISTS[chosen][1]


@pytest.mark.parametrize(
    ("answers", "more"),
    [
        ({"way": "expert"}, ["recommender"]),
        ({"origin": "foreign"}, ["form_language"]),
        ({"evidence": None}, ["other_material_note"]),
    ],
)
def test_answers_that_ask_for_more(library: Library, answers: dict[str, Any], more: list[str]) -> None:
    form = form_of(library, "sci-tech-pioneer")
    given = {key: value for key, value in entry("rising", **answers).items() if value is not None}
    assert sorted(required(form, given)) == sorted([*LISTS["rising"][1], *more])


@pytest.mark.parametrize(
    ("unit", "lists"),
    [
        ("enterprise", ["年度新质生产力科创企业", "年度先锋引擎", "年度新锐潜力"]),
        ("person", ["年度科创先锋人物"]),
        ("city", ["年度科创园区", "年度科创街区"]),
        ("product", ["年度科创先锋产品"]),
    ],
)
def test_unit_offers_its_lists(library: Library, unit: str, lists: list[str]) -> None:
    field = form_of(library, "sci-tech-pioneer").field("list")
    offered = [one for one in field.options if all(outline.holds(condition, {"unit": unit}) for condition in one.when)]
    assert [option.label.zh for option in offered] == lists


def test_eighth_industry_is_not_for_persons(library: Library) -> None:
    options = form_of(library, "sci-tech-pioneer").field("industry").options
    offered = [
        sum(all(outline.holds(condition, {"unit": unit}) for condition in one.when) for one in options)
        for unit in ("enterprise", "city", "person")
    ]
    assert (offered, options[-1].label.zh) == ([8, 8, 7], "符合科创板定位的其他领域")


def test_product_dimensions_are_one_group_without_a_limit(library: Library) -> None:
    groups = [form_of(library, "sci-tech-pioneer").field(key).group for key in DIMENSIONS]
    assert {(group.key, group.max_chars) for group in groups if group} == {("product_dims", None)}


# Innovation light

COMPANY = {
    "elig_kind": "product",
    "unit_nature": "company",
    "channel": "hubei",
    "region": "mainland",
    "industry": "energy",
    "ach_first_release": "released",
    "annual_proof": EVIDENCE,
}
COMPANY_ENTRY = """
    consent_privacy elig_region elig_clean elig_kind elig_class_one
    unit_nature channel region org_name_zh org_name_en legal_rep legal_rep_phone industry
    qualification_file org_intro_zh org_intro_en srdi_level achievement_owner
    contact_name contact_title contact_mobile contact_email contact_address contact_postcode
    ach_name ach_originality ach_first_release ach_release_date ach_summary ach_tech
    ach_app_results ach_app_outlook objective_evaluation ip_table
    pledge_1 pledge_2 pledge_3 pledge_contact pledge_phone pledge_date
    license_scan ip_certs
"""


def test_mainland_company_is_asked_for_all_of_the_annexes(library: Library) -> None:
    form = form_of(library, "innovation-light")
    assert required(form, COMPANY) == COMPANY_ENTRY.split()
    stamped = ["a1_stamped", "a2_stamped", "a3_stamped", "legal_rep_signature", "company_seal"]
    assert required(form, COMPANY, Stage.PACKAGING) == stamped
    assert required(form, COMPANY, Stage.DELIVERY) == ["email_sent", "paper_copies"]


@pytest.mark.parametrize(
    ("answers", "more", "fewer"),
    [
        ({"channel": "self"}, "experts expert_reason", ""),
        ({"region": "abroad"}, "country", "org_name_zh srdi_level"),
        ({"region": "hongkong"}, "", "srdi_level"),
        ({"industry": "other"}, "industry_other", ""),
        ({"elig_kind": "technology"}, "elig_own_ip", "elig_class_one"),
        ({"elig_kind": "equipment"}, "", "elig_class_one"),
        ({"ach_first_release": "first"}, "", "ach_release_date"),
        ({"annual_proof": None}, "annual_proof_note", ""),
        ({"unit_nature": "institute"}, "", "license_scan"),
        ({"unit_nature": "team"}, "", "legal_rep legal_rep_phone license_scan"),
    ],
)
def test_what_hangs_on_an_answer(library: Library, answers: dict[str, Any], more: str, fewer: str) -> None:
    given = {key: value for key, value in {**COMPANY, **answers}.items() if value is not None}
    found = required(form_of(library, "innovation-light"), given)
    assert set(found) - set(COMPANY_ENTRY.split()) == set(more.split())
    assert set(COMPANY_ENTRY.split()) - set(found) == set(fewer.split())


def test_team_without_a_seal_needs_no_stamped_papers(library: Library) -> None:
    given = {**COMPANY, "unit_nature": "team", "channel": "self"}
    assert required(form_of(library, "innovation-light"), given, Stage.PACKAGING) == ["expert_signature"]
