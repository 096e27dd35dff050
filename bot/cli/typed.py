"""What somebody types at the terminal, or what comes by a pipe."""

import sys
from collections.abc import Iterator


def typed_lines() -> Iterator[str]:
    """A line each, without its end: until the pipe ends, or whoever types has enough."""
    if not sys.stdin.isatty():
        for line in sys.stdin:
            yield line.rstrip("\n")
        return
    import readline  # noqa: F401 - gives input() its editing keys

    while True:
        try:
            yield input("> ")
        except (EOFError, KeyboardInterrupt):
            print()
            return
