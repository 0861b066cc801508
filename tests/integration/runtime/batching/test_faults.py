"""What the batch transport and table promise when processes die, join, leave and fail: nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.builders.suspending import resume, suspend
from tests.conftest import Broker
from tests.integration.runtime.batching.harness import PARTITIONS, Trial


@pytest.fixture
def trial(broker: Broker, new_topic: Callable[..., str], tmp_path: Path) -> Iterator[Trial]:
    """A fresh topic with its changelog, and workers that end with the test."""
    topic = new_topic("numbers", partitions=PARTITIONS)
    trial = Trial(broker, topic, tmp_path)
    new_topic(trial.changelog.removeprefix(topic.removesuffix("numbers")), partitions=PARTITIONS)
    yield trial
    trial.stop()


@pytest.mark.parametrize("store", ["memory", "rocksdb"])
async def test_kill_9_twice_mid_stream_loses_nothing(trial: Trial, store: str) -> None:
    """A worker killed at any point is carried on by the next, from the last commit and the changelog."""
    trial.store = store
    await trial.feed(0, 3000)
    for kills in range(2):
        child = trial.start()
        await trial.wait_for_some(600 * (kills + 1))
        child.kill()
    trial.start()
    assert await trial.wait_for_all() == trial.expected


async def test_a_worker_that_joins_and_leaves_costs_nothing(trial: Trial) -> None:
    """Partitions move there and back in mid-stream; graceful or killed, every number is seen."""
    trial.start("first")
    await trial.feed(0, 1500)
    await trial.wait_for_some(200)
    second = trial.start("second")
    while not await trial.has_worked("second"):
        await trial.feed(1500, 300)  # the same numbers again: seeing them twice changes nothing
    assert second.stop() == 0
    await trial.feed(1800, 500)
    assert await trial.wait_for_all() == trial.expected


async def test_a_batch_that_an_agent_fails_on_is_delivered_again(trial: Trial, tmp_path: Path) -> None:
    """A crash in the agent ends the worker with code 1 and commits nothing of the batch; the next worker does it."""
    await trial.feed(0, 500)
    failing = trial.start(fail_once=tmp_path / "failed")
    assert failing.process.wait(30) == 1
    trial.start(fail_once=tmp_path / "failed")
    assert await trial.wait_for_all() == trial.expected


async def test_state_is_rebuilt_from_the_changelog_alone(trial: Trial) -> None:
    """A worker on a new machine goes on from the whole state: a number that is sent late joins all the earlier ones."""
    await trial.feed(0, 800)
    first = trial.start("first")
    await trial.wait_for_all()
    assert first.stop() == 0
    await trial.feed(800, 200)
    trial.start("elsewhere")
    assert await trial.wait_for_all() == trial.expected


async def test_a_worker_that_was_suspended_does_not_write_over_its_successor(trial: Trial) -> None:
    """A process stopped in mid-batch for longer than its session wakes up as nobody: what it still holds is let go."""
    await trial.feed(0, 1500)
    first = trial.start("first")
    await trial.wait_for_some(300)
    suspend(first.process.pid)
    second = trial.start("second")
    await trial.feed(1500, 500)
    assert await trial.wait_for_all() == trial.expected
    resume(first.process.pid)
    await asyncio.sleep(2)
    second.kill()
    first.kill()
    trial.start("third")
    await trial.feed(2000, 200)
    assert await trial.wait_for_all() == trial.expected
