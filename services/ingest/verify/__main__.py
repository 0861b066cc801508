"""`python -m services.ingest.verify`: the verification stage, until SIGTERM or SIGINT.

It gives way to every other process on its machine: verifying can wait, records cannot.
"""

from __future__ import annotations

import asyncio
import os
import sys

import uvloop

from services.ingest.settings import Settings
from services.ingest.verify.stage.bootstrap import run
from services.runtime import logs

NICENESS = 10


def main() -> int:
    """Run the stage on the environment's settings; the exit code."""
    os.nice(NICENESS)
    settings = Settings()
    logs.configure(settings.log_level)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run(settings))


if __name__ == "__main__":
    sys.exit(main())
