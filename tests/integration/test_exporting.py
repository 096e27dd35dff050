"""Registers made of what the database holds, for whoever of the staff asked, and in the shell."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from structlog.testing import capture_logs

from bot.cli import run
from bot.making import Maker
from bot.services import exports
from bot.services.exports import Order
from storage.database import Storage
from storage.errors import NoSuchFile
from storage.files import LocalFiles
from storage.records import Application, Person
from tests.fixtures.filings import make_patents
from tests.fixtures.filled import LIGHT, OPEN, make_desk
from tests.fixtures.people import make_person

NOW = OPEN[LIGHT.id] + timedelta(days=1)


@pytest.fixture
def member(storage: Storage) -> Person:
    return storage.run_sync(lambda uow: make_person(uow, role="staff"))


@pytest.fixture
def submissions(storage: Storage) -> list[Application]:
    """Three applications, one of them corrected since, and a draft."""

    def apply(storage: Storage) -> list[Application]:
        def work(uow: Any) -> list[Application]:
            desks = [
                make_desk(uow, LIGHT, org_name_zh=f"单位{number}", ip_table=make_patents(number))
                for number in (1, 2, 3)
            ]
            made = [desk.submitted().application for desk in desks]
            make_desk(uow, LIGHT, org_name_zh="秘密的草稿").begin(OPEN[LIGHT.id])
            return made

        return storage.run_sync(work)

    return apply(storage)


@pytest.fixture
def maker(storage: Storage, tmp_path: Path) -> Maker:
    return Maker(storage, {LIGHT.id: LIGHT}, LocalFiles(tmp_path / "files"), clock=lambda: NOW)


def order_of(member: Person, state: str = "") -> str:
    return Order(LIGHT.id, state, "zh", member.id, NOW).key


def shown(path: Path, sheet: str) -> list[dict[str, Any]]:
    with path.open("rb") as file:
        heading, *rows = [[cell.value for cell in row] for row in load_workbook(file)[sheet].iter_rows()]
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_a_register_is_made_where_its_order_is_asked_for(
    maker: Maker, member: Person, submissions: list[Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_PAGE", 2)
    path = maker.path(order_of(member))
    assert [(row["回执号"], row["申报单位（人）"]) for row in shown(path, "申报")] == [
        (one.receipt, f"单位{number}") for number, one in enumerate(submissions, 1)
    ]
    patents = shown(path, "知识产权证明材料")
    assert [row["序号"] for row in patents] == [1, 1, 2, 1, 2, 3]
    assert "秘密的草稿" not in str(shown(path, "申报"))


def test_a_state_chooses(storage: Storage, maker: Maker, member: Person, submissions: list[Application]) -> None:
    storage.run_sync(lambda uow: uow.applications.update(submissions[1].id, NOW, state="in_review"))
    assert [row["状态"] for row in shown(maker.path(order_of(member, "in_review")), "申报")] == ["评审中"]


def test_it_is_made_once_until_somebody_is_forgotten(
    storage: Storage, maker: Maker, member: Person, submissions: list[Application]
) -> None:
    first = maker.path(order_of(member))
    storage.run_sync(lambda uow: uow.applications.update(submissions[0].id, NOW, state="in_review"))
    assert maker.path(order_of(member)) == first
    storage.run_sync(lambda uow: uow.persons.forget(submissions[1].person_id, NOW))
    second = maker.path(order_of(member))
    assert {key: value for key, value in shown(second, "申报")[1].items() if value is not None} == {
        "回执号": submissions[1].receipt,
        "状态": "已删除",
    }
    assert {row["回执号"] for row in shown(second, "知识产权证明材料")} == {
        submissions[0].receipt,
        submissions[2].receipt,
    }


def test_who_is_staff_no_more_gets_nothing_of_what_was_made(
    storage: Storage, maker: Maker, member: Person, submissions: list[Application]
) -> None:
    maker.path(order_of(member))
    storage.run_sync(lambda uow: uow.persons.set_role(member.id, "applicant"))
    with pytest.raises(NoSuchFile):
        maker.path(order_of(member))


def test_the_log_tells_who_got_what_and_nothing_of_anybody(
    maker: Maker, member: Person, submissions: list[Application]
) -> None:
    with capture_logs() as logs:
        maker.path(order_of(member, "submitted"))
    assert logs == [
        {
            "event": "register_made",
            "log_level": "info",
            "programme": LIGHT.id,
            "chosen": "submitted",
            "count": 3,
        },
        {
            "event": "register_opened",
            "log_level": "info",
            "programme": LIGHT.id,
            "chosen": "submitted",
            "person": member.id,
        },
    ]


@pytest.fixture
def shell(storage_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAUREL_DATABASE_URL", storage_url)
    monkeypatch.setenv("LAUREL_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("bot.telemetry.set_up_logs", lambda _level: None)


@pytest.mark.usefixtures("shell")
def test_the_shell_writes_the_same(
    submissions: list[Application], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "out.xlsx"
    assert run(["export", LIGHT.id, "--output", str(path), "--lang", "en", "--state", "submitted"]) == 0
    said = capsys.readouterr().out.splitlines()[-1]
    assert said == f"Written to {path}: 3 submissions. It holds personal data; only this account can read it."
    assert [row["Receipt"] for row in shown(path, "Applications")] == [one.receipt for one in submissions]
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in tmp_path.glob(".laurel-export-*")] == []


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["月亮奖", "--output", "out.xlsx"], "there is no programme '月亮奖'; known are"),
        ([LIGHT.id, "--output", "out.xlsx", "--state", "draft"], "--state: there is no state 'draft' of submissions;"),
        ([LIGHT.id, "--output", "out.csv"], "--output: out.csv does not end in .xlsx"),
        ([LIGHT.id, "--output", "there.xlsx"], "--output: there.xlsx is there already; name a new file"),
        ([LIGHT.id, "--output", "nowhere/out.xlsx"], "--output: there is no folder nowhere"),
    ],
)
def test_the_shell_says_what_would_be_right(
    arguments: list[str], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("there.xlsx").write_bytes(b"kept")
    assert run(["export", *arguments]) == 1
    assert capsys.readouterr().err.startswith(f"laurel export: {why}")
    assert [found.read_bytes() for found in tmp_path.rglob("*.xlsx")] == [b"kept"]
