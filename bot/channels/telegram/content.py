"""What a message of Telegram holds beside text: files, and notes of Telegram's own that nobody wrote."""

from collections.abc import Mapping
from typing import Any

from bot.messages import IncomingFile

# Fields that hold a file; documents and music as their owner sent them. Pictures come apart, in several sizes.
_FILES = ("document", "video", "audio")
_SERVICE = frozenset(
    {
        "boost_added",
        "channel_chat_created",
        "chat_background_set",
        "chat_shared",
        "connected_website",
        "delete_chat_photo",
        "gift",
        "group_chat_created",
        "left_chat_member",
        "message_auto_delete_timer_changed",
        "migrate_from_chat_id",
        "migrate_to_chat_id",
        "new_chat_members",
        "new_chat_photo",
        "new_chat_title",
        "passport_data",
        "pinned_message",
        "proximity_alert_triggered",
        "refunded_payment",
        "successful_payment",
        "supergroup_chat_created",
        "unique_gift",
        "users_shared",
        "web_app_data",
        "write_access_allowed",
    }
)
# Whole families of notes: the names of their fields begin alike.
_SERVICE_FAMILIES = ("forum_topic_", "general_forum_topic_", "giveaway_", "video_chat_", "suggested_post_")


def is_service(message: Mapping[str, Any]) -> bool:
    """Whether the message is a note of Telegram's ("pinned a message"), to which nobody expects an answer."""
    return any(name in _SERVICE or name.startswith(_SERVICE_FAMILIES) for name in message)


def read_files(message: Mapping[str, Any]) -> tuple[IncomingFile, ...]:
    """The file of a message; its handle is the `file_id`. Each part of an album is a message of its own.

    Raises TypeError, KeyError, IndexError or AttributeError for a file of the wrong shape.
    """
    if "animation" in message:  # carries a `document` too, which nobody meant to hand in
        return ()
    if "photo" in message:
        largest = max(message["photo"], key=lambda size: size["width"] * size["height"])
        return (_file({**largest, "mime_type": "image/jpeg", "file_name": "photo"}, recompressed=True),)
    return tuple(_file(message[name], recompressed=name == "video") for name in _FILES if name in message)


def _file(described: Mapping[str, Any], *, recompressed: bool = False) -> IncomingFile:
    handle, name = described["file_id"], described.get("file_name", "")
    media_type, size = described.get("mime_type", ""), described.get("file_size")
    if not all(isinstance(value, str) for value in (handle, name, media_type)) or not isinstance(size, int | None):
        raise TypeError
    return IncomingFile(handle, name, media_type, size, recompressed)
