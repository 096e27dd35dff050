"""Refusals: each class names the template that explains it to the person. A crash is no BotError."""

from typing import ClassVar


class BotError(Exception):
    """Something that was asked for and is not done. `template` explains it; `values` fill it."""

    template: ClassVar[str] = "errors.unexpected"

    def __init__(self, **values: object) -> None:
        super().__init__(self.template)
        self.values = values


class NotStaff(BotError):
    """A staff command from somebody who is not staff."""

    template = "errors.not_staff"


class PrivateOnly(BotError):
    """A command that touches personal data, sent in a group."""

    template = "errors.private_only"


class UsageError(BotError):
    """A command whose arguments are missing or not understood. Values: command, and what would be right as `usage`."""

    template = "errors.usage"


class UnknownProgramme(BotError):
    """A programme nobody knows here. Values: text, known."""

    template = "errors.unknown_programme"


class NotFound(BotError):
    """No such application, question or broadcast. Values: text."""

    template = "errors.not_found"


class NotAllowedNow(BotError):
    """A move or an action that the present state does not allow. Values: state, wanted, allowed."""

    template = "errors.not_allowed_now"


class SettingsError(Exception):
    """Settings that do not allow a start. The message lists everything that is missing or wrong at once."""
