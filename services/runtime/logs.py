"""Logs of every service: one JSON object a line on stderr, whoever writes it; no personal data goes in.

Libraries log through the standard library, we through structlog; both come out in one form. What a line may carry: ids
of records and batches, topic, partition, offset, counts, codes. Never names, mail addresses, scores or bodies.
"""

from __future__ import annotations

import logging
import sys

import structlog

QUIET = {"aiokafka": "WARNING", "kafka": "WARNING", "faust": "WARNING", "mode": "WARNING", "asyncio": "WARNING"}


def configure(level: str = "INFO") -> None:
    """Send all logs of this process, from `level` up, to stderr as JSON lines. Call it once, in `bootstrap`."""
    ours: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*ours, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=ours,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(logging.getLevelName(least), root.level))
