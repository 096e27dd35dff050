"""A pack is data: an invented one works without a line of code, a broken one is named and nothing starts half."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.conftest import OpenHouse
from tests.e2e.doors import Door, wait_for
from tests.e2e.packs import noon_zone, write_packs
from tests.e2e.server import Server


def seen(texts: list[str]) -> str:
    return "\n".join(texts)


def test_an_invented_form_works_from_its_pack_alone(open_house: OpenHouse, tmp_path: Path) -> None:
    house = open_house(LAUREL_PACKS_DIR=str(write_packs(tmp_path / "packs")))
    anna = house.door("telegram", "anna")
    assert "报名费 30 元" in seen(anna.say("青松奖要交钱吗"))
    assert "1/2 · 团队" in seen(anna.say("/apply pine"))
    assert "超出5字" in seen(anna.say("松" * 25))
    assert "种过树吗" in seen(anna.say("小松队"))
    assert "3/3 · 团队" in seen(anna.say("种过"))
    assert "这一项必填" in seen(anna.say("跳过"))
    anna.say("后山")
    anna.say("修改 种过树吗")
    assert "种在哪里" not in seen(anna.say("没种过"))
    receipt = re.search(r"回执号：(PINE-\d{4}-000001-[0-9A-Z])", seen(anna.press("确认提交")))
    assert receipt
    assert receipt[1] in seen(anna.say("/status"))


@pytest.mark.slow
def test_a_reminder_fires_once_over_restarts_and_moves_with_the_deadline(open_house: OpenHouse, tmp_path: Path) -> None:
    house = open_house(LAUREL_PACKS_DIR=str(write_packs(tmp_path / "packs")))
    anna, office = house.door("telegram", "anna"), house.staff()
    anna.say("/apply pine")
    anna.say("小松队")
    assert "截止时间尚未公布" in seen(office.say("/remind pine 3小时"))
    first = _set_deadline(office, hours=2)
    wait_for(anna, "您的申报还没有提交")
    assert _reminders(anna) == [
        f"「青松奖」{first}截止，您的申报还没有提交。\n还缺：种过树吗。\n发送 /apply pine 继续。"
    ]
    for _ in range(2):
        house.server.restart()
    anna.say("种过")
    assert "已发出" in seen(office.say("/remind"))
    assert len(_reminders(anna)) == 1
    second = _set_deadline(office, hours=1)
    wait_for(anna, f"{second}截止，您的申报还没有提交")
    assert [text.split("截止")[0] for text in _reminders(anna)] == [f"「青松奖」{first}", f"「青松奖」{second}"]
    assert "还缺：种在哪里。" in _reminders(anna)[1]


def _set_deadline(office: Door, *, hours: int) -> str:
    """Sets it so many hours from now; as it is then shown."""
    closes_at = datetime.now(ZoneInfo(noon_zone())) + timedelta(hours=hours)
    office.say(f"/deadline pine {closes_at:%Y-%m-%d %H:%M}")
    found = re.search(r"已设为 (.+?)，", seen(office.press("确认设定")))
    assert found
    return found[1]


def _reminders(door: Door) -> list[str]:
    return [text for text in door.seen if "您的申报还没有提交" in text]


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        ("programme.yaml", "有疑问请写信至 pine@example.org。", "请致电青松学社。", "contacts[0].quote"),
        ("programme.yaml", "resubmission: all_stand", "resubmission: sometimes", "resubmission"),
        ("form.yaml", "type: choice", "type: chose", "type"),
    ],
)
def test_a_pack_with_a_mistake_is_named_and_nothing_starts(
    file: str, before: str, after: str, told: str, tmp_path: Path
) -> None:
    packs = write_packs(tmp_path / "packs")
    path = packs / "pine" / file
    text = path.read_text("utf-8")
    path.write_text(text.replace(before, after), "utf-8")
    line = text[: text.index(before)].count("\n") + 1
    done = Server(tmp_path, {"LAUREL_PACKS_DIR": str(packs)}).run("serve")
    assert done.returncode != 0
    assert "Ready" not in done.stdout
    assert f"pine/{file}:{line}" in done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_the_clock_of_the_terminal_can_be_set(tmp_path: Path) -> None:
    server = Server(tmp_path, {})
    instants = {"2024-10-01T12:00+08:00": True, "2024-10-21T00:00+08:00": False}
    answers = {now: server.run_lines(["科创先锋现在还能报名吗"], "chat", "--now", now) for now in instants}
    assert answers["2024-10-01T12:00+08:00"] != answers["2024-10-21T00:00+08:00"]
