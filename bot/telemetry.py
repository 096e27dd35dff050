"""Structured logs without personal data: JSON lines of event names and ids, never texts, names or tokens."""

import logging
import secrets
import sys

import structlog

_QUIET = ("httpx", "httpcore", "telegram", "aiohttp.access", "aiohttp.server", "alembic")


def set_up_logs(level: str) -> None:
    """Sends logs to standard error as JSON lines. Libraries that print tokens in addresses are kept to warnings."""
    logging.basicConfig(stream=sys.stderr, level=level, format="%(message)s", force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _trace_without_values,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def new_reference() -> str:
    """A code that the person is told and the log has too."""
    return secrets.token_hex(4).upper()


def describe(error: BaseException) -> list[str]:
    """An error as its classes and places. Its message may hold what a person wrote, so it stays out."""
    lines = []
    current: BaseException | None = error
    while current is not None:
        trace = current.__traceback__
        places = []
        while trace is not None:
            places.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
            trace = trace.tb_next
        lines.append(f"{type(current).__name__} at {' > '.join(places[-6:])}")
        current = current.__cause__ or current.__context__
    return lines


def _trace_without_values(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    error = event.pop("error", None)
    if isinstance(error, BaseException):
        event["error"] = describe(error)
    return event
