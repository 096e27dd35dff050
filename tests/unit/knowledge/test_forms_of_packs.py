"""The application forms that ship: every field that the guides ask for, when it is asked, and within which limits."""

from typing import Any

import pytest

from bot.flows import outline
from knowledge.folders import PACKS
from knowledge.form import Field, FieldType, Form, Stage
from knowledge.form_check import check_form
from knowledge.library import Library
from knowledge.text import squeeze

KEYS = {
    "tr50": """
        consent_privacy ack_unofficial
        company_type company_name_zh company_name_en company_id applied_before
        tech_past_year innovation_achievement market_opportunity business_model sustainability_csr china_relevance cases
        patents
        contact_name contact_title contact_email contact_phone
        declare_true ack_last_wins
        portal_done
    """,
    "innovation-light": """
        consent_privacy elig_region elig_clean elig_kind elig_class_one elig_own_ip
        unit_nature channel region country org_name_zh org_name_en legal_rep legal_rep_phone industry industry_other
        qualification_file org_intro_zh org_intro_en srdi_level achievement_owner
        contact_name contact_title contact_landline contact_mobile contact_email contact_address contact_postcode
        experts expert_reason expert_signature a1_stamped
        ach_name ach_originality ach_first_release ach_release_date ach_summary ach_tech ach_tech_images
        ach_app_results ach_app_outlook ach_app_images objective_evaluation a2_stamped
        ip_table a3_stamped
        pledge_project pledge_1 pledge_2 pledge_3 pledge_contact pledge_phone pledge_date
        legal_rep_signature company_seal
        license_scan annual_proof annual_proof_note ip_certs awards media media_link
        email_sent paper_copies courier_no
    """,
    "sci-tech-pioneer": """
        consent_privacy
        unit list elig_event way recommender
        entrant_name entrant_org origin form_language industry product_class product_class_other person_role park_kind
        district_stage
        projects_3_5y capability financing innovation_rating innovation_input ip_assets risk_items
        nqpf_traits engine_points rising_points person_points park_points district_points
        dim_innovation dim_technology dim_frontier dim_application dim_market
        evidence other_material_note word_form
        applicant_name applicant_phone applicant_email applicant_org_title
        declare_real declare_clean declare_ip licence_grant ack_no_return
        mail_subject mail_sent
    """,
}
COLUMNS = {
    ("tr50", "cases"): "title description evidence_link",
    ("tr50", "patents"): "name patent_no holder granted_on",
    ("innovation-light", "experts"): "name title org phone",
    ("innovation-light", "ip_table"): "category name cert_no inventor_or_owner granted_on status",
    ("sci-tech-pioneer", "recommender"): "name org_title phone_or_email reason",
    ("sci-tech-pioneer", "projects_3_5y"): "name period end_year planned_investment progress",
    ("sci-tech-pioneer", "ip_assets"): "kind name number holder",
}
LATER = {
    "tr50": ("", "portal_done"),
    "innovation-light": (
        "expert_signature a1_stamped a2_stamped a3_stamped legal_rep_signature company_seal",
        "email_sent paper_copies courier_no",
    ),
    "sci-tech-pioneer": ("word_form", "mail_subject mail_sent"),
}
PERSONAL = {
    "tr50": "contact_name contact_title contact_email contact_phone",
    "innovation-light": """
        legal_rep legal_rep_phone contact_name contact_title contact_landline contact_mobile contact_email
        contact_address experts.name experts.phone ip_table.inventor_or_owner pledge_contact pledge_phone
    """,
    "sci-tech-pioneer": """
        recommender.name recommender.phone_or_email
        applicant_name applicant_phone applicant_email applicant_org_title
    """,
}
CONSENTS = {
    "tr50": "consent_privacy ack_unofficial declare_true ack_last_wins",
    "innovation-light": "consent_privacy pledge_1 pledge_2 pledge_3",
    "sci-tech-pioneer": "consent_privacy declare_real declare_ip licence_grant ack_no_return",
}
LONGEST_LABEL, LONGEST_HELP, LONGEST_BUTTON = 26, 54, 40  # characters that fit a phone


@pytest.fixture(params=KEYS)
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def form_of(library: Library, name: str) -> Form:
    form = library.programmes[name].form
    assert form is not None
    return form


def keys(fields: Any) -> list[str]:
    return [field.key for field in fields]


def every(form: Form) -> list[tuple[str, Field]]:
    """All fields and columns with their full names."""
    found = []
    for field in form.fields():
        found.append((field.key, field))
        found += [(f"{field.key}.{column.key}", column) for column in field.columns]
    return found


def test_form_asks_for_every_field_in_order(library: Library, name: str) -> None:
    assert keys(form_of(library, name).fields()) == KEYS[name].split()


@pytest.mark.parametrize(("place", "columns"), COLUMNS.items())
def test_table_has_its_columns(library: Library, place: tuple[str, str], columns: str) -> None:
    assert keys(form_of(library, place[0]).field(place[1]).columns) == columns.split()


def test_every_field_rests_on_a_sentence(library: Library, name: str) -> None:
    assert [field.key for field in form_of(library, name).fields() if not field.quote] == []


def test_form_agrees_with_the_facts(library: Library, name: str) -> None:
    assert list(check_form(PACKS / name, library.programmes[name])) == []


def test_later_stages_hold_the_papers_and_the_route(library: Library, name: str) -> None:
    fields = list(form_of(library, name).fields())
    found = [" ".join(keys(one for one in fields if one.at is stage)) for stage in (Stage.PACKAGING, Stage.DELIVERY)]
    assert tuple(found) == LATER[name]


def test_personal_data_are_marked(library: Library, name: str) -> None:
    assert [full for full, field in every(form_of(library, name)) if field.pii] == PERSONAL[name].split()


def test_consents_are_asked_one_by_one(library: Library, name: str) -> None:
    form = form_of(library, name)
    shown = [field for field in outline.visible(form, {}) if field.type is FieldType.CONSENT]
    assert keys(shown) == CONSENTS[name].split()
    assert all(field.required and field.help for field in form.fields() if field.type is FieldType.CONSENT)


def test_labels_are_distinct_in_both_languages(library: Library, name: str) -> None:
    fields = list(form_of(library, name).fields())
    for labels in ([field.label.zh for field in fields], [field.label.en for field in fields]):
        folded = ["".join(label.lower().split()) for label in labels]
        assert sorted({label for label in folded if folded.count(label) > 1}) == []


def test_prompts_fit_a_phone(library: Library, name: str) -> None:
    parts = every(form_of(library, name))
    assert [full for full, field in parts if len(field.label.zh) > LONGEST_LABEL] == []
    plain = [(full, field) for full, field in parts if field.type is not FieldType.CONSENT and field.help]
    assert [full for full, field in plain if field.help and len(field.help.zh) > LONGEST_HELP] == []
    buttons = [(full, option.label) for full, field in parts for option in field.options]
    assert [full for full, label in buttons if max(len(label.zh), len(label.en)) > LONGEST_BUTTON] == []


def test_own_limits_are_said_to_be_ours(library: Library, name: str) -> None:
    """A text whose limit is the guide's names it in the sentence it rests on, or shares a group's."""
    guides = {
        "tr50": [],
        "innovation-light": ["org_intro_zh", "org_intro_en", "ach_summary", "ach_tech"],
        "sci-tech-pioneer": [],
    }
    parts = every(form_of(library, name))
    limited = [(full, field) for full, field in parts if field.max_chars or field.max_words]
    assert [full for full, field in limited if field.limit_by == "guide"] == guides[name]


@pytest.mark.parametrize("key", ["pledge_1", "pledge_2", "pledge_3"])
def test_pledge_shows_the_sentence_itself(library: Library, key: str) -> None:
    field = form_of(library, "innovation-light").field(key)
    assert field.help is not None
    assert squeeze(field.quote).partition(".")[2] in squeeze(field.help.zh)


def test_licence_shows_the_sentence_itself(library: Library) -> None:
    field = form_of(library, "sci-tech-pioneer").field("licence_grant")
    assert field.help is not None
    assert squeeze(field.quote).partition("、")[2] in squeeze(field.help.zh)


@pytest.mark.parametrize(
    ("key", "chars", "words"),
    [
        ("org_intro_zh", 100, None),
        ("org_intro_en", None, 100),
        ("ach_summary", 1200, None),
        ("ach_tech", 1500, None),
        ("ach_originality", None, None),
        ("objective_evaluation", None, None),
    ],
)
def test_text_limits_are_those_of_the_annexes(library: Library, key: str, chars: int | None, words: int | None) -> None:
    field = form_of(library, "innovation-light").field(key)
    assert (field.max_chars, field.max_words, field.limit_by) == (chars, words, "guide")


def test_application_shares_one_limit(library: Library) -> None:
    form = form_of(library, "innovation-light")
    groups = [form.field(key).group for key in ("ach_app_results", "ach_app_outlook")]
    assert [(group.key, group.max_chars) for group in groups if group] == [("ach_application", 1200)] * 2


@pytest.mark.parametrize(
    ("name", "key", "expected"),
    [
        ("innovation-light", "qualification_file", (("pdf", "jpg", "png"), 150_000, 3_145_728, None, 1)),
        ("innovation-light", "ach_tech_images", (("jpg", "png"), 0, 3_145_728, None, 2)),
        ("innovation-light", "ach_app_images", (("jpg", "png"), 0, 3_145_728, None, 2)),
        ("innovation-light", "media", ((), 0, None, None, None)),
        (
            "sci-tech-pioneer",
            "evidence",
            (
                ("pdf", "doc", "docx", "jpg", "png", "mp3", "wav", "mp4", "mov", "zip"),
                *(0, None, 20_971_520, None),
            ),
        ),
        ("sci-tech-pioneer", "word_form", (("doc", "docx"), 0, None, None, 1)),
    ],
)
def test_files_are_limited_as_the_guides_say(library: Library, name: str, key: str, expected: tuple[Any, ...]) -> None:
    spec = form_of(library, name).field(key).file
    assert spec is not None
    assert (spec.kinds, spec.min_bytes, spec.max_bytes, spec.max_total, spec.most) == expected


@pytest.mark.parametrize(
    ("name", "policy", "closes_at", "remind_at"),
    [
        ("tr50", "last_wins", None, None),
        ("sci-tech-pioneer", "all_stand", "2024-10-21T00:00:00+08:00", None),
        ("innovation-light", "ask", "2022-12-21T00:00:00+08:00", "2022-12-20T00:00:00+08:00"),
    ],
)
def test_policies_and_deadlines(
    library: Library, name: str, policy: str, closes_at: str | None, remind_at: str | None
) -> None:
    programme = library.programmes[name]
    found = [
        instant and instant.isoformat() for instant in (programme.deadline.closes_at, programme.deadline.remind_at)
    ]
    assert (programme.resubmission, found) == (policy, [closes_at, remind_at])
