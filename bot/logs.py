"""Logging: structlog for us, the same renderer for libraries; one line an event, for people or as JSON."""

import logging
import sys
from typing import Literal

import structlog

_QUIETED = {
    "slack_bolt": logging.ERROR,
    "slack_bolt.lockstep": logging.ERROR,
    "slack_sdk": logging.CRITICAL,
    "apscheduler": logging.ERROR,
    "alembic": logging.WARNING,
}
"""Libraries that print request bodies or tracebacks for what we handle and report ourselves."""


def configure(style: Literal["console", "json"], level: int = logging.INFO) -> None:
    """Set up logging for the process, to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if style == "json"
        else [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    )
    structlog.configure(
        processors=[*shared, *renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name, least in _QUIETED.items():
        logging.getLogger(name).setLevel(least)
