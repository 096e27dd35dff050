"""What keeps Laurel from starting is said at once and plainly; what does not, does not."""

import sqlite3
from pathlib import Path

import pytest

from tests.e2e.conftest import free_port
from tests.e2e.doors import WebDoor
from tests.e2e.server import Server


def test_all_missing_settings_are_named_at_once(tmp_path: Path) -> None:
    given = {"LAUREL_TELEGRAM_WEBHOOK_SECRET": "secret", "LAUREL_WECHAT_APP_ID": "wx1", "LAUREL_PORT": "many"}
    done = Server(tmp_path, {**given, "LAUREL_WECHAT_AES_KEY": "short"}).run("run")
    named = [
        "LAUREL_TELEGRAM_TOKEN",
        "LAUREL_PUBLIC_URL",
        "LAUREL_WECHAT_TOKEN",
        "LAUREL_WECHAT_AES_KEY",
        "LAUREL_PORT",
    ]
    assert done.returncode != 0
    assert [name for name in named if name not in done.stderr] == []
    assert "Traceback" not in done.stderr


def test_without_any_setting_the_page_works(tmp_path: Path) -> None:
    with Server(tmp_path, {}, port=free_port()) as server:
        anna = WebDoor(server)
        assert "Laurel" in anna.say("你好")[0]
        anna.close()
        assert server.invitation


def test_a_database_newer_than_the_code_is_refused(tmp_path: Path) -> None:
    server = Server(tmp_path, {})
    assert server.run("db", "upgrade").returncode == 0
    server.query("UPDATE alembic_version SET version_num = '9999'")
    done = server.run("serve")
    assert done.returncode != 0
    assert "9999" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_locked_database_refuses_the_message_and_loses_nothing(tmp_path: Path) -> None:
    with Server(tmp_path, {}, port=free_port()) as server:
        anna = WebDoor(server)
        anna.say("/apply tr50")
        with sqlite3.connect(server.database) as other:
            other.execute("BEGIN IMMEDIATE")
            status, body = anna.try_say("同意")
            other.rollback()
        other.close()
        assert status == 503
        assert "还没有处理" in body
        assert "2/21" in "\n".join(anna.say("同意"))
        anna.close()


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with Server(tmp_path, {}, port=free_port()) as server:
        port = server.url.rpartition(":")[2]
        done = Server(tmp_path, {"LAUREL_PORT": port}).run("serve")
        assert done.returncode != 0
        assert port in done.stderr
        assert "Traceback" not in done.stderr


def test_staff_are_invited_from_the_machine_itself(tmp_path: Path) -> None:
    with Server(tmp_path, {}, port=free_port()) as server:
        token = server.run("staff", "invite").stdout.split()[-1]
        anna = WebDoor(server)
        assert "工作人员" in "\n".join(anna.say(f"/join {token}"))
        assert "/broadcast" in "\n".join(anna.say("/help"))
        anna.close()
