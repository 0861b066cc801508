"""`python -m services.ingest.verify`: the verification stage, until SIGTERM or SIGINT.

Once it reads it gives way to every other process on its machine: verifying can wait, records cannot.
"""

from __future__ import annotations

import asyncio
import sys

import uvloop

from services.ingest.settings import Settings
from services.ingest.verify.stage.bootstrap import run
from services.runtime import logs
from services.runtime.giving_way import give_way


def main() -> int:
    """Run the stage on the environment's settings; the exit code."""
    settings = Settings()
    logs.configure(settings.log_level)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run(settings, when_reading=give_way))


if __name__ == "__main__":
    sys.exit(main())
