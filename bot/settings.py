"""Settings: LAUREL_* in the environment, over .env, over the defaults. docs/reference/settings.md lists them."""

import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field, ModelWrapValidatorHandler, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError

_PACKS = Path(__file__).resolve().parent.parent / "knowledge" / "packs"
_SECRET_BYTES = 32
_CAPABILITIES = ("push", "media")
_MB = 1024 * 1024
# (missing, called for by, why)
_NEEDS = (
    ("telegram_token", "telegram_webhook_secret", "a webhook secret is set"),
    ("public_url", "telegram_webhook_secret", "a webhook secret is set"),
    ("wechat_token", "wechat_app_id", "an app id is set, and without a token anybody could forge messages"),
    ("wechat_app_id", "wechat_token", "a token is set"),
)


class Settings(BaseSettings):
    """All settings. A field's description is its line in the reference."""

    model_config = SettingsConfigDict(env_prefix="LAUREL_", env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Field(Path("var"), description="Where the database, files and the secret key live.")
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite in the data directory.")
    packs_dir: Path = Field(_PACKS, description="The folder of packs; each sub-folder is a programme.")
    host: str = Field("127.0.0.1", description="The address that the server listens on.")
    port: int = Field(8080, ge=0, le=65535, description="The port that the server listens on; 0: any free one.")
    public_url: str = Field("", description="The https address under which the outside reaches the server.")
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signs links and cookies; empty: made once, kept in the data directory."
    )
    chat_upload_mb: int = Field(20, gt=0, description="The greatest file that a chat takes, in units of 1024 × 1024.")
    page_upload_mb: int = Field(200, gt=0, description="The greatest file that the form page takes, likewise.")
    visitors_gb: int = Field(
        20, gt=0, description="How much is kept of all visitors of the web page together, in units of 1024³ bytes."
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")

    telegram_token: SecretStr = Field(SecretStr(""), description="The bot's token; empty: the channel is off.")
    telegram_webhook_secret: SecretStr = Field(
        SecretStr(""), description="With it and a public URL, updates come to /telegram; without, by long polling."
    )
    telegram_api_base: str = Field("https://api.telegram.org", description="The Bot API's address.")
    telegram_rate: float = Field(25.0, gt=0, description="Messages a second to all chats together.")
    telegram_proxy: str = Field("", description="http://, socks5:// address for all calls to the Bot API.")

    wechat_app_id: str = Field("", description="The account's AppID; empty: the channel is off.")
    wechat_app_secret: SecretStr = Field(
        SecretStr(""), description="The account's AppSecret; needed for push and templates."
    )
    wechat_token: SecretStr = Field(SecretStr(""), description="The token of the server configuration.")
    wechat_aes_key: SecretStr = Field(SecretStr(""), description="EncodingAESKey (43 characters); empty: plain mode.")
    wechat_api_base: str = Field("https://api.weixin.qq.com", description="The API's address.")
    wechat_capabilities: tuple[str, ...] | str = Field(
        (),
        description=(
            'Rights the account has, by comma: "push" (customer-service messages), "media" (fetching what people '
            "send). Empty: replies only."
        ),
    )

    @field_validator("wechat_aes_key")
    @classmethod
    def _check_aes_key(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not re.fullmatch(r"[A-Za-z0-9]{43}", value.get_secret_value()):
            raise ValueError("must be the 43 letters and digits of EncodingAESKey")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _check_webhook_secret(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
            raise ValueError("may hold letters, digits, _ and - only, at most 256")
        return value

    @field_validator("wechat_capabilities")
    @classmethod
    def _split_capabilities(cls, value: tuple[str, ...] | str) -> tuple[str, ...]:
        parts = value.split(",") if isinstance(value, str) else value
        found = tuple(part.strip() for part in parts if part.strip())
        if unknown := [part for part in found if part not in _CAPABILITIES]:
            raise ValueError(f"knows only {' and '.join(_CAPABILITIES)}, not {', '.join(unknown)}")
        return found

    @model_validator(mode="wrap")
    @classmethod
    def _complete(cls, data: Any, build: ModelWrapValidatorHandler["Settings"]) -> "Settings":
        """Adds what is missing to what is wrong, so that one start tells all."""
        wrong: list[InitErrorDetails] = []
        try:
            settings = build(data)
        except ValidationError as error:
            settings = None
            wrong = [_again(item) for item in error.errors(include_url=False)]
        for name, reason in _missing(data):
            wrong.append(
                {"type": PydanticCustomError("missing", f"is missing: {reason}"), "loc": (name,), "input": None}
            )
        if wrong or settings is None:
            raise ValidationError.from_exception_data("Settings", wrong)
        return settings

    @property
    def database(self) -> str:
        """The database's URL, with the default filled in."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'laurel.db').absolute()}"

    @property
    def files_dir(self) -> Path:
        """The folder of the content of files."""
        return self.data_dir / "files"

    @property
    def chat_upload_bytes(self) -> int:
        """`chat_upload_mb` in bytes."""
        return self.chat_upload_mb * _MB

    @property
    def page_upload_bytes(self) -> int:
        """`page_upload_mb` in bytes."""
        return self.page_upload_mb * _MB

    @property
    def visitors_bytes(self) -> int:
        """`visitors_gb` in bytes."""
        return self.visitors_gb * 1024 * _MB

    def secret(self) -> bytes:
        """The signing key: as set, else made at the first call and kept in the data directory."""
        if given := self.secret_key.get_secret_value():
            return given.encode()
        path = self.data_dir / "secret.key"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or not path.read_text("ascii").strip():
            _make_secret(path)
        return path.read_text(encoding="ascii").strip().encode()


def _make_secret(path: Path) -> None:
    """Writes a new key, under another name first: a kill leaves none or a whole one; of two starts the first wins."""
    fresh = path.with_suffix(f".{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_SECRET_BYTES))
    try:
        if path.exists():
            fresh.replace(path)  # an empty one, left by a version that wrote it in two steps
        else:
            os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink(missing_ok=True)


def load(**overrides: Any) -> Settings:
    """Reads the settings. Raises SettingsError that lists all that is wrong at once, and shows no value."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = [_line(item["loc"], item["msg"]) for item in error.errors(include_input=False, include_url=False)]
        raise SettingsError("\n".join(lines)) from None


def _missing(data: Any) -> Iterator[tuple[str, str]]:
    """The settings that others call for, each with its reason."""
    given = {name: _plain(value) for name, value in dict(data).items() if _plain(value)}
    for name, called_by, reason in _NEEDS:
        if called_by in given and name not in given:
            yield name, reason
    called_for = [name for name in _CAPABILITIES if name in str(given.get("wechat_capabilities", ""))]
    if called_for and "wechat_app_secret" not in given:
        yield "wechat_app_secret", f"{called_for[0]} is among the capabilities"


def _plain(value: Any) -> Any:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def _again(item: Any) -> InitErrorDetails:
    return {
        "type": PydanticCustomError("wrong", "{message}", {"message": item["msg"]}),
        "loc": item["loc"],
        "input": None,
    }


def _line(location: tuple[int | str, ...], message: str) -> str:
    name = str(location[0]) if location else ""
    return f"LAUREL_{name.upper()}: {message}" if name else message.removeprefix("Value error, ")
