"""Benchmarks: runnable side by side with what others have."""
