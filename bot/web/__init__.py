"""The web's edge: webhooks of the platforms, the chat page, and what operators ask."""
