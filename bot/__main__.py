"""Hands over to the command line."""

import sys


def main() -> None:
    """Runs `laurel` with the arguments of this process."""
    from bot.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
