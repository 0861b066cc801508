"""The jars of Apache Kafka: fetched once by Maven into a folder that git ignores, and the class path made of them.

`pom.xml` names Kafka and what it logs with; where Maven fetches from is Maven's own configuration.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from deploy.embedded.doctor import OLDEST_JAVA, java_major

POM = Path(__file__).parent / "pom.xml"
CACHE = Path(".cache") / "kafka"
FETCH_SECONDS = 600
_VERSION = re.compile(r"<kafka.version>(.+?)</kafka.version>")


class CannotRun(RuntimeError):
    """This machine lacks what Apache Kafka needs, or Maven could not fetch it."""


def version() -> str:
    """The version of Kafka that `pom.xml` names."""
    found = _VERSION.search(POM.read_text(encoding="utf-8"))
    if found is None:
        raise CannotRun(f"{POM} names no kafka.version")
    return found[1]


def lacking() -> str | None:
    """What this machine lacks, in one line with the cure, or None."""
    needs = []
    if (java_major() or 0) < OLDEST_JAVA:
        needs.append(f"Java {OLDEST_JAVA}")
    if shutil.which("mvn") is None and not _is_complete(_folder()):
        needs.append("Maven")
    if not needs:
        return None
    return f"the tests on Apache Kafka need {' and '.join(needs)}: install it, or ask for less with KAFKA=embedded"


def class_path(cache: Path = CACHE) -> str:
    """Java's class path to Kafka, its jars fetched if they are not in the cache yet.

    Raises: CannotRun.
    """
    folder = _folder(cache)
    if not _is_complete(folder):
        _fetch(folder)
    return f"{folder.absolute()}/*"


def _folder(cache: Path = CACHE) -> Path:
    return cache / version()


def _is_complete(folder: Path) -> bool:
    return (folder / f"kafka_2.13-{version()}.jar").exists()


def _fetch(folder: Path) -> None:
    """Into a folder beside, then moved into place: a fetch that breaks off leaves nothing that looks complete."""
    mvn = shutil.which("mvn")
    if mvn is None:
        raise CannotRun(lacking() or "Maven is missing")
    draft = folder.with_name(f"{folder.name}.{os.getpid()}").absolute()
    done = subprocess.run(
        [
            mvn,
            "--quiet",
            "--batch-mode",
            f"--file={POM}",
            "dependency:copy-dependencies",
            "-DincludeScope=runtime",
            f"-DoutputDirectory={draft}",
        ],
        capture_output=True,
        text=True,
        timeout=FETCH_SECONDS,
        check=False,
    )
    if done.returncode != 0 or not _is_complete(draft):
        raise CannotRun(f"Maven could not fetch Apache Kafka {version()}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
