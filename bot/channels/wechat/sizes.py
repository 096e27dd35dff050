"""How WeChat measures a message."""

MESSAGE_BYTES = 2048


def measure(text: str) -> int:
    """The bytes of a text in UTF-8, WeChat's unit."""
    return len(text.encode())
