"""`python -m services.ingest.inbox`: the inbox, until SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import sys

import uvloop

from services.ingest.inbox.bootstrap import run
from services.ingest.settings import Settings
from services.runtime import logs


def main() -> int:
    """Run the inbox on the environment's settings; the exit code."""
    settings = Settings()
    logs.configure(settings.log_level)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run(settings))


if __name__ == "__main__":
    sys.exit(main())
