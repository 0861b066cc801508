"""Starts one Apache Kafka node on loopback: storage formatted, broker and controller in one small JVM."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from functools import partial
from pathlib import Path

from deploy.kafka.jars import CannotRun, class_path
from services.runtime.children import Child, ChildFailed, spawn
from services.runtime.ports import LOOPBACK, accepts, free_port

READY_SECONDS = 60.0
CLUSTER_ID = "c3RlcHdlbGwtdGVzdHMtMQ"  # sixteen bytes in base64; always these, so that a folder can be started again
# The serial collector and the first compiler alone: the node lives for minutes and shares two cores with the tests.
JVM = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")
QUIET = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dlog4j2.level=warn")
# Without addresses: one copy of everything, no wait for more members, small buffers; topics are made on purpose.
SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "auto.create.topics.enable": "false",
    "default.replication.factor": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "2",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "background.threads": "2",
    "log.cleaner.dedupe.buffer.size": "16777216",
    "message.max.bytes": "16777216",
    "replica.fetch.max.bytes": "16777216",
}


def start(folder: Path, port: int = 0) -> tuple[Child, str]:
    """A node that answers, with its data and log in `folder`, and its `host:port`; any free port when 0.

    A start that fails is tried once more: a port that was free may be taken before the node, seconds later, binds it.

    Raises: CannotRun when Java or the jars are not to be had; ChildFailed.
    """
    java = ("java", *JVM, *QUIET, "-cp", class_path())
    with suppress(ChildFailed):
        return _start(java, folder, port)
    return _start(java, folder, port)


def _start(java: tuple[str, ...], folder: Path, port: int) -> tuple[Child, str]:
    chosen = free_port(port)
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "server.properties"
    settings.write_text(_properties(folder / "data", chosen, free_port()), encoding="utf-8")
    _format(java, settings)
    child = spawn("apache-kafka", (*java, "kafka.Kafka", str(settings)), folder / "kafka.log")
    try:
        child.wait_ready(partial(accepts, chosen), READY_SECONDS)
    except ChildFailed:
        child.kill()
        raise
    return child, f"{LOOPBACK}:{chosen}"


def _properties(data: Path, port: int, controller_port: int) -> str:
    addresses = {
        "listeners": f"PLAINTEXT://{LOOPBACK}:{port},CONTROLLER://{LOOPBACK}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{port}",
        "controller.quorum.voters": f"1@{LOOPBACK}:{controller_port}",
        "log.dirs": str(data.absolute()),
    }
    return "".join(f"{name}={value}\n" for name, value in (SETTINGS | addresses).items())


def _format(java: tuple[str, ...], settings: Path) -> None:
    """Give the data folder its cluster id, as KRaft wants before the first start; a formatted one is left as it is."""
    tool = ("kafka.tools.StorageTool", "format", "--ignore-formatted", "-t", CLUSTER_ID, "-c", str(settings))
    done = subprocess.run([*java, *tool], capture_output=True, text=True, check=False, timeout=READY_SECONDS)
    if done.returncode != 0:
        raise CannotRun(f"Kafka's storage could not be formatted:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
