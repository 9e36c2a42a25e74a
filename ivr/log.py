"""Logs: one JSON line an event on stderr, with telephone numbers masked."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

NUMBER = re.compile(r"\+?\d[\d -]{5,}\d{4}(?!\d)")


def configure(level: str) -> None:
    """Send our events and the libraries' records through one masked JSON renderer."""
    shared: list[Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    root = logging.getLogger()
    root.handlers[:] = [handler]  # whatever was there wrote unmasked
    root.setLevel(level)
    for chatty in ("alembic", "dbos"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def mask(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave of every telephone number the last four digits."""
    for key, value in event.items():
        if isinstance(value, str) and key != "timestamp":
            event[key] = NUMBER.sub(lambda found: f"•••{found.group()[-4:]}", value)
    return event
