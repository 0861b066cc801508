"""Changing the key that hides addresses, by a command that is killed on the way, over a real broker and ClickHouse."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from typing import Any

from schemas.records import Link, record_adapter
from services.core.links import registers
from services.core.people import person_of
from services.core.settle import routing_key
from services.runtime.identity_keys import stored_identity_keys
from tests.conftest import Broker
from tests.integration.ingest.harness import running, settings_for
from tests.integration.ingest.staging import Stage

NAMES = ("ana", "ben", "eve", "ida", "jan", "leo")
COMMAND = (sys.executable, "-m", "services.cli", "people", "rotate-key", "--page", "1", "--json")
AT_ONCE = ("--wait", "0")


def award(name: str, number: int) -> dict[str, Any]:
    """An award to an address."""
    about = {"achievement": {"id": "a"}, "award_id": f"{name} {number}"}
    account = {"mbox": f"mailto:{name}@example.org"}
    return {"kind": "award", "occurred_at": "2025-06-01T00:00:00Z", "account": account, **about}


def people(stage: Stage) -> set[frozenset[str]]:
    """The awards of each person, by all that is on the log; a person with a name of ours has it among them."""
    log = [record_adapter.validate_python(record, strict=False) for record in stage.records()]
    known = registers(record for record in log if isinstance(record, Link))
    found: dict[str, set[str]] = {}
    for record in log:
        if record.kind == "award":
            person = person_of(routing_key(record), known)
            found.setdefault(person, {person} & {"w7"}).add(record.award_id or "")
    return {frozenset(what) for what in found.values()}


def _killed_when_it_says(said: str, environment: dict[str, str], *more: str) -> None:
    with subprocess.Popen((*COMMAND, *more), env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith(said):
                process.kill()


def _done(environment: dict[str, str], *more: str) -> dict[str, Any]:
    command = (*COMMAND, *AT_ONCE, *more)
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
    told: dict[str, Any] = json.loads(run.stdout)
    return told


async def test_the_key_is_changed_though_the_command_is_killed(
    stage: Stage, broker: Broker, topic_prefix: str, database: tuple[str, str]
) -> None:
    """What was recorded stays whose it was, what comes after is theirs, too, and the earlier key is gone."""
    environment = {
        **os.environ,
        **broker.environment(),
        "STEPWELL_TOPIC_PREFIX": topic_prefix,
        "STEPWELL_CLICKHOUSE": database[0],
        "STEPWELL_DATABASE": database[1],
    }
    account = award("ana", 1)["account"]
    await stage.send(*(award(name, 1) for name in NAMES))
    await stage.send({"kind": "link", "occurred_at": "2025-07-01T00:00:00Z", "account": account, "worker_id": "w7"})
    await stage.until(lambda: stage.count("SELECT count() FROM identities FINAL") == len(NAMES))
    stage.put_in_table(*stage.records())
    (earlier,) = stored_identity_keys(stage.clickhouse)

    await asyncio.to_thread(_killed_when_it_says, "announced", environment, "--wait", "600")
    assert [key.is_coming for key in stored_identity_keys(stage.clickhouse)] == [False, True]
    assert (await asyncio.to_thread(_done, environment, "--dry-run"))["left"] == len(NAMES)
    # it may be through before the signal reaches it: then the next call changes the key once more
    await asyncio.to_thread(_killed_when_it_says, "moved 2 ", environment, *AT_ONCE)
    assert (await asyncio.to_thread(_done, environment))["left"] == 0

    (key,) = stored_identity_keys(stage.clickhouse)
    assert key.generation > earlier.generation
    assert not key.is_coming
    await stage.until(lambda: stage.count("SELECT count() FROM identities FINAL") == len(NAMES))
    assert stage.count("SELECT uniqExact(key_id) FROM identities FINAL") == 1
    where = {"clickhouse": database[0], "database": database[1], "identity_key": ""}
    async with running(settings_for(broker.environment(), topic_prefix, **where)) as gateway:
        answer = await gateway.post("/v1/records", json=[award(name, 2) for name in NAMES])
    assert answer.status_code == 200
    assert people(stage) == {
        frozenset({"w7", "ana 1", "ana 2"}),
        *(frozenset({f"{name} 1", f"{name} 2"}) for name in NAMES[1:]),
    }
