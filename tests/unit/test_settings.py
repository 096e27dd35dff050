"""Settings tell all that is wrong at once, and never show a secret."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LAUREL_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_settings_need_nothing() -> None:
    assert load().port == 8080


def test_settings_all_mistakes_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load(port=99999, wechat_app_id="wx1", wechat_capabilities="push,fly", telegram_webhook_secret="s")
    names = [line.partition(":")[0] for line in str(caught.value).splitlines()]
    assert names == [
        "LAUREL_PORT",
        "LAUREL_WECHAT_CAPABILITIES",
        "LAUREL_TELEGRAM_TOKEN",
        "LAUREL_PUBLIC_URL",
        "LAUREL_WECHAT_TOKEN",
        "LAUREL_WECHAT_APP_SECRET",
    ]


def test_settings_environment_over_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LAUREL_PORT=1111\nLAUREL_HOST=127.0.0.2\n", "utf-8")
    monkeypatch.setenv("LAUREL_PORT", "2222")
    settings = load()
    assert (settings.port, settings.host) == (2222, "127.0.0.2")


def test_settings_secrets_are_masked() -> None:
    assert "123:abc" not in repr(load(telegram_token="123:abc"))


def test_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    settings = load(data_dir=tmp_path / "data")
    first = settings.secret()
    assert (settings.secret(), (tmp_path / "data" / "secret.key").stat().st_mode & 0o777) == (first, 0o600)


def test_database_default_is_in_the_data_folder(tmp_path: Path) -> None:
    assert load(data_dir=tmp_path).database == f"sqlite:///{tmp_path}/laurel.db"


def test_secret_that_a_kill_left_empty_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "secret.key").touch()
    assert len(load(data_dir=tmp_path).secret()) == 64
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_greatest_files_are_given_in_mb() -> None:
    settings = load(chat_upload_mb=5)
    assert (settings.chat_upload_bytes, settings.page_upload_bytes) == (5 * 1024**2, 200 * 1024**2)


def test_room_for_visitors_is_given_in_gb() -> None:
    assert [load().visitors_bytes, load(visitors_gb=3).visitors_bytes] == [20 * 1024**3, 3 * 1024**3]


def test_right_to_media_needs_the_secret() -> None:
    with pytest.raises(SettingsError) as caught:
        load(wechat_app_id="wx1", wechat_token="t", wechat_capabilities="media")
    assert str(caught.value) == "LAUREL_WECHAT_APP_SECRET: is missing: media is among the capabilities"
    settings = load(wechat_app_id="wx1", wechat_token="t", wechat_app_secret="s", wechat_capabilities="push, media")
    assert settings.wechat_capabilities == ("push", "media")


def test_files_lie_in_the_data_folder(tmp_path: Path) -> None:
    assert load(data_dir=tmp_path).files_dir == tmp_path / "files"
