"""Laurel as `python -m bot`, but for the one message a second to a chat: tests type faster than people do."""

from bot.__main__ import main
from bot.delivery import pacing

pacing.CHAT_BURST = 1_000_000

if __name__ == "__main__":
    main()
