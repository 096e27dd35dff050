"""The door to Telegram: raw updates in by webhook or long polling, messages out by the Bot API."""
