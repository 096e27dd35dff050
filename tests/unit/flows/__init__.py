"""Unit tests of flows."""
