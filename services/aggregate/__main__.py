"""`python -m services.aggregate`: one aggregate worker, until SIGTERM or SIGINT; exit code 1 asks for a restart."""

from __future__ import annotations

import asyncio
import gc
import sys

import uvloop

from services.aggregate.bootstrap import assemble
from services.aggregate.settings import AggregateSettings
from services.runtime import logs
from services.runtime.batching.runner import Stopped, StopSignal


async def run(settings: AggregateSettings) -> int:
    """Assemble and run a worker; the exit code."""
    stop = StopSignal()
    try:
        worker = await stop.unless_asked(assemble(settings))
    except Stopped:
        return 0
    return await worker.run(stop)


def main() -> int:
    """Run a worker on the environment's settings; the exit code."""
    settings = AggregateSettings()
    logs.configure(settings.log_level)
    _calm_collector()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run(settings))


def _calm_collector() -> None:
    """Collect cycles seldom: a batch makes a million objects or so that die by themselves when it ends.

    Looking through them meanwhile, as Python does every 700, costs more than decoding them.
    """
    gc.freeze()
    gc.set_threshold(10_000_000, 10, 10)


if __name__ == "__main__":
    sys.exit(main())
