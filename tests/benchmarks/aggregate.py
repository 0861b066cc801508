"""What a CPU-second of the aggregate does, beside a stock Faust agent doing the same and a bare loop doing nothing.

    python -m tests.benchmarks.aggregate [--workers 10000] [--rounds 3] [--json]

One embedded broker and one embedded ClickHouse; one log, read by each contender in turn, the turns repeated. CPU is
that of the contender's own process, user and system, from its first batch to its last effect. Figures of a loaded
machine vary: compare ratios. Required: at least 8 times the stock agent, at least a third of the bare loop.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from aiokafka import AIOKafkaProducer

from deploy.clickhouse.migrations import migrate
from deploy.embedded import kafka
from deploy.embedded.clickhouse import start as clickhouse
from schemas.catalog import catalog_json
from schemas.topic import topic_specs
from services.aggregate.topics import Names
from services.runtime.children import Child, spawn
from services.runtime.kafka_admin import apply_topics
from services.runtime.ports import LOOPBACK, free_port
from tests.benchmarks.aggregate_parts.workload import Message, catalog, messages

ROOT = Path(__file__).parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
TIMES_STOCK, SHARE_OF_BARE = 8.0, 1 / 3
POLL_SECONDS = 0.25
PATIENCE_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One contender's run over (part of) the log."""

    contender: str
    records: int
    cpu_seconds: float
    load: float

    @property
    def per_cpu_second(self) -> float:
        """Records a second of the contender's own CPU."""
        return self.records / self.cpu_seconds


@dataclass(frozen=True, slots=True)
class Ground:
    """The servers that all contenders share."""

    bootstrap: str
    clickhouse: str
    folder: Path


@contextmanager
def _ground(folder: Path) -> Iterator[Ground]:
    with ExitStack() as stack:
        broker, bootstrap = kafka.start(folder / "kafka.log")
        stack.callback(broker.stop)
        server, url = clickhouse.start(folder / "clickhouse", folder / "clickhouse.log")
        stack.callback(server.stop)
        yield Ground(bootstrap, url, folder)


def _prepare(ground: Ground, prefix: str, log: list[Message]) -> None:
    """Topics and tables of one turn's own, with the whole log on the records topic."""
    specs = [spec.model_copy(update={"name": prefix + spec.name}) for spec in topic_specs()]
    apply_topics(ground.bootstrap, replication=1, specs=specs)
    migrate(ground.clickhouse, _database(prefix))
    asyncio.run(_fill(ground, Names.under(prefix), log))


async def _fill(ground: Ground, names: Names, log: list[Message]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=ground.bootstrap, linger_ms=20, max_batch_size=512 << 10)
    await producer.start()
    document = catalog()
    await producer.send_and_wait(names.catalog, catalog_json(document), key=document.id.encode())
    for first in range(0, len(log), 5000):
        sent = [
            await producer.send(names.records, one.value, key=one.key, headers=one.headers)
            for one in log[first : first + 5000]
        ]
        await asyncio.gather(*sent)
    await producer.stop()


def _aggregate(ground: Ground, prefix: str, records: int) -> Turn:
    port = free_port()
    environment = {
        "PYTHONPATH": str(ROOT),
        "STEPWELL_KAFKA": ground.bootstrap,
        "STEPWELL_EMBEDDED": "1",
        "STEPWELL_CLICKHOUSE": ground.clickhouse,
        "STEPWELL_DATABASE": _database(prefix),
        "STEPWELL_TOPIC_PREFIX": prefix,
        "STEPWELL_HOME": str(ground.folder / prefix),
        "STEPWELL_METRICS_PORT": str(port),
    }
    child = spawn(
        "aggregate", [sys.executable, "-m", "services.aggregate"], ground.folder / "aggregate.log", environment
    )
    try:
        child.wait_ready(lambda: _is_ready(port), PATIENCE_SECONDS)
        begun = _cpu_seconds(child)
        child.wait_ready(lambda: _processed(port) >= records, PATIENCE_SECONDS)
        return Turn("aggregate", records, _cpu_seconds(child) - begun, os.getloadavg()[0])
    finally:
        child.stop()


def _script(name: str, arguments: list[str]) -> Turn:
    command = [sys.executable, "-m", f"tests.benchmarks.aggregate_parts.{name}", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True, timeout=PATIENCE_SECONDS
    )
    said = json.loads(done.stdout.splitlines()[-1])
    return Turn(name, said["records"], said["cpu_seconds"], os.getloadavg()[0])


def _round(ground: Ground, number: int, log: list[Message], stock_records: int) -> Iterator[Turn]:
    """Each contender once, on topics and tables of their own."""
    ours, theirs = f"ours{number}.", f"stock{number}."
    _prepare(ground, ours, log)
    _prepare(ground, theirs, log[:stock_records])
    yield _script("bare", [ground.bootstrap, Names.under(ours).records, str(len(log))])
    yield _aggregate(ground, ours, len(log))
    folder = str(ground.folder / theirs)
    arguments = [ground.bootstrap, Names.under(theirs).records, ground.clickhouse, _database(theirs)]
    yield _script("stock", [*arguments, str(stock_records), folder, "1"])


def _database(prefix: str) -> str:
    return f"bench_{prefix.removesuffix('.')}"


def _cpu_seconds(child: Child) -> float:
    fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        time.sleep(POLL_SECONDS / 10)
        return False


def _processed(port: int) -> float:
    time.sleep(POLL_SECONDS)
    with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/metrics", timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("stepwell_aggregate_records_total "))


def main() -> int:
    """Run the rounds, say what came of them, and return 0 when the ratios are as required."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--stock-records", type=int, default=6000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    log = messages(options.workers)
    with tempfile.TemporaryDirectory() as folder, _ground(Path(folder)) as ground:
        turns = [
            turn for number in range(options.rounds) for turn in _round(ground, number, log, options.stock_records)
        ]
    speeds = {
        name: median(turn.per_cpu_second for turn in turns if turn.contender == name)
        for name in ("aggregate", "stock", "bare")
    }
    is_fast = (
        speeds["aggregate"] >= TIMES_STOCK * speeds["stock"] and speeds["aggregate"] >= SHARE_OF_BARE * speeds["bare"]
    )
    _say(turns, speeds, len(log), as_json=options.json)
    return 0 if is_fast else 1


def _say(turns: list[Turn], speeds: dict[str, float], records: int, *, as_json: bool) -> None:
    times_stock, share_of_bare = speeds["aggregate"] / speeds["stock"], speeds["aggregate"] / speeds["bare"]
    if as_json:
        facts = {
            "records": records,
            "per_cpu_second": speeds,
            "times_stock": times_stock,
            "share_of_bare": share_of_bare,
        }
        print(json.dumps({**facts, "turns": [asdict(turn) for turn in turns]}))
        return
    for turn in turns:
        micros = 1e6 / turn.per_cpu_second
        measured = f"{turn.per_cpu_second:10,.0f}/CPU-s {micros:7.1f} us"
        print(f"{turn.contender:10} {turn.records:8} records {measured}  load {turn.load:.2f}")
    for name, speed in speeds.items():
        print(f"median {name:10} {speed:10,.0f} records/CPU-s")
    print(f"aggregate / stock: {times_stock:.1f} (required {TIMES_STOCK:g})")
    print(f"aggregate / bare:  {share_of_bare:.2f} (required {SHARE_OF_BARE:.2f})")


if __name__ == "__main__":
    sys.exit(main())
