from datetime import timedelta

import pytest

from bot.services import staff
from storage.unit_of_work import UnitOfWork
from tests.fixtures.people import NOW, make_person


def role_of(uow: UnitOfWork, person_id: int) -> str:
    person = uow.persons.get(person_id)
    assert person is not None
    return person.role


def test_join_with_invitation_gives_its_role(uow: UnitOfWork) -> None:
    person = make_person(uow)
    invited = staff.invite(uow=uow, role="staff", now=NOW)
    assert staff.join(uow=uow, person_id=person.id, token=f" {invited.token} ", now=NOW) == "staff"
    assert role_of(uow, person.id) == "staff"


def test_invite_keeps_only_the_hash_of_the_token(uow: UnitOfWork) -> None:
    invited = staff.invite(uow=uow, role="staff", now=NOW)
    person = make_person(uow)
    assert uow.invitations.use(invited.token, person.id, NOW) is None
    assert len(invited.token) == 22
    assert invited.expires_at == NOW + timedelta(days=7)


def test_join_twice_with_one_invitation_is_refused(uow: UnitOfWork) -> None:
    first, second = make_person(uow), make_person(uow)
    invited = staff.invite(uow=uow, role="staff", now=NOW)
    staff.join(uow=uow, person_id=first.id, token=invited.token, now=NOW)
    assert staff.join(uow=uow, person_id=second.id, token=invited.token, now=NOW) is None
    assert role_of(uow, second.id) == "applicant"


def test_join_notes_who_used_the_invitation(uow: UnitOfWork) -> None:
    person = make_person(uow)
    invited = staff.invite(uow=uow, role="staff", now=NOW)
    assert [found.used_by for found in uow.invitations.open()] == [None]
    staff.join(uow=uow, person_id=person.id, token=invited.token, now=NOW)
    assert uow.invitations.open() == []


def test_join_after_seven_days_is_refused(uow: UnitOfWork) -> None:
    person = make_person(uow)
    invited = staff.invite(uow=uow, role="staff", now=NOW)
    assert staff.join(uow=uow, person_id=person.id, token=invited.token, now=NOW + timedelta(days=7)) is None


@pytest.mark.parametrize("token", ["", "   ", "wrong", "x" * 100_000])
def test_join_with_a_text_that_is_no_invitation_is_refused(uow: UnitOfWork, token: str) -> None:
    person = make_person(uow)
    staff.invite(uow=uow, role="staff", now=NOW)
    assert staff.join(uow=uow, person_id=person.id, token=token, now=NOW) is None


def test_join_by_an_owner_neither_demotes_nor_spends_the_invitation(uow: UnitOfWork) -> None:
    owner, person = make_person(uow, role="owner"), make_person(uow)
    invited = staff.invite(uow=uow, role="staff", now=NOW)
    assert staff.join(uow=uow, person_id=owner.id, token=invited.token, now=NOW) == "owner"
    assert staff.join(uow=uow, person_id=person.id, token=invited.token, now=NOW) == "staff"


def test_join_by_staff_with_an_owners_invitation_promotes(uow: UnitOfWork) -> None:
    person = make_person(uow, role="staff")
    invited = staff.invite(uow=uow, role="owner", now=NOW)
    assert staff.join(uow=uow, person_id=person.id, token=invited.token, now=NOW) == "owner"


def test_ensure_owner_invitation_replaces_the_earlier_one(uow: UnitOfWork) -> None:
    person = make_person(uow)
    first = staff.ensure_owner_invitation(uow=uow, now=NOW)
    second = staff.ensure_owner_invitation(uow=uow, now=NOW)
    assert first is not None
    assert second is not None
    assert staff.join(uow=uow, person_id=person.id, token=first, now=NOW) is None
    assert staff.join(uow=uow, person_id=person.id, token=second, now=NOW) == "owner"


def test_ensure_owner_invitation_with_an_owner_is_none(uow: UnitOfWork) -> None:
    make_person(uow, role="owner")
    assert staff.ensure_owner_invitation(uow=uow, now=NOW) is None


def test_list_staff_puts_owners_first_and_leaves_applicants_out(uow: UnitOfWork) -> None:
    member, owner = make_person(uow, "李", role="staff"), make_person(uow, "王", role="owner")
    make_person(uow, "张")
    assert [person.id for person in staff.list_staff(uow=uow)] == [owner.id, member.id]


def test_remove_staff_makes_an_applicant(uow: UnitOfWork) -> None:
    member = make_person(uow, role="staff")
    assert staff.remove_staff(uow=uow, person_id=member.id).person == member
    assert role_of(uow, member.id) == "applicant"


def test_remove_staff_keeps_the_last_owner(uow: UnitOfWork) -> None:
    owner = make_person(uow, role="owner")
    assert staff.remove_staff(uow=uow, person_id=owner.id).refusal == "last_owner"
    assert role_of(uow, owner.id) == "owner"


def test_remove_staff_of_an_applicant_is_refused(uow: UnitOfWork) -> None:
    person = make_person(uow)
    assert staff.remove_staff(uow=uow, person_id=person.id).refusal == "unknown"
