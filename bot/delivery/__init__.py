"""Sends what the outbox holds, and keeps the schedule."""
