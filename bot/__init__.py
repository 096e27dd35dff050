"""Laurel, the chat assistant of award programmes."""
