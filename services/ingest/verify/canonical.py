"""Canonical N-Quads, made in a process of its own that can be killed.

A kilobyte of hostile JSON-LD keeps canonicalisation busy for minutes (eight blank nodes that all point at each other),
and Python cannot stop a thread. So a child does it, within a second of work and some memory; a child that takes more is
killed, and the next document gets a new one. Source: W3C RDF Dataset Canonicalization 1.0, section 7.1 (poisoning),
https://www.w3.org/TR/rdf-canon/
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, local
from time import monotonic
from typing import Any

SECONDS = 1.0
PATIENCE, IDLE_PATIENCE = 10, 600
"""How many times as long as it works a child is waited for: others may keep the processor, an idle one's for long."""
START_SECONDS, IDLE_START_SECONDS = 20.0, 120.0
TICK = 0.01
CHUNK = 1 << 16
CHILD = "services.ingest.verify.canonical_child"
Document = dict[str, Any]


class NotCanonical(Exception):
    """No canonical form could be made; `reason` is a code."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Canonical:
    """Canonical N-Quads, and the members that JSON-LD has no term for and so left out, by name."""

    quads: bytes
    dropped: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Canonicaliser:
    """Makes canonical forms, one at a time; safe to share between threads."""

    seconds: float = SECONDS
    """How much work all the canonical forms of one credential may be together; see `afresh`."""
    is_idle: bool = False
    """Whether it works only while nobody else of this machine does, and so may take long."""
    _left: local = field(default_factory=local)
    _lock: Lock = field(default_factory=Lock)
    _child: Any = None

    def afresh(self) -> None:
        """Begin with another credential, in this thread."""
        self._left.seconds = self.seconds

    def canonical(self, document: Document) -> Canonical:
        """The canonical form of a JSON-LD document.

        Raises: NotCanonical when it is not JSON-LD, names a context that is not known here, or takes too long.
        """
        left = getattr(self._left, "seconds", self.seconds)
        if left <= 0:
            raise self._too_complex()  # and no child is started for it
        with self._lock:
            child = self._ready()
            begun = _worked(child)
            told = self._asked(child, json.dumps(document).encode(), left)
            self._left.seconds = max(0.0, left - (_worked(child) - begun))
        if "quads" in told:
            return Canonical(told["quads"].encode(), tuple(told["dropped"]))
        raise NotCanonical(told["reason"], told["detail"])

    def close(self) -> None:
        """End the child; whoever waits for it is told at once."""
        child = self._child
        if child is not None:
            child.kill()
        with self._lock:
            self._kill()

    def _ready(self) -> Any:
        if self._child is None or self._child.poll() is not None:
            self._kill()
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            command = [sys.executable, "-m", CHILD, *(["idle"] if self.is_idle else [])]
            self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
            if self._line(self._child, IDLE_START_SECONDS if self.is_idle else START_SECONDS) is None:
                self._kill()
                raise NotCanonical("not_started", "the canonicaliser does not start")
        return self._child

    def _asked(self, child: Any, question: bytes, seconds: float) -> dict[str, Any]:
        """The child's answer. Raises: NotCanonical when there is none in time; then the child is gone."""
        try:
            child.stdin.write(question + b"\n")
            child.stdin.flush()
            line = self._line(child, seconds)
        except OSError:
            line = b""
        if line:
            found: dict[str, Any] = json.loads(line)
            return found
        self._kill()
        self._left.seconds = 0.0
        raise self._too_complex()

    def _too_complex(self) -> NotCanonical:
        return NotCanonical("too_complex", f"its canonical forms take more than {self.seconds:g} s, or too much memory")

    def _line(self, child: Any, seconds: float) -> bytes | None:
        """A whole line of what the child says; None when it is not there in time, b"" when the child ended.

        Its time is the work that it does: where others keep the processor, it is waited for some times longer.
        """
        begun, last, said = _worked(child), monotonic() + seconds * self._patience, b""
        while not said.endswith(b"\n"):
            left = min(seconds - (_worked(child) - begun), last - monotonic())
            ready, _, _ = select.select([child.stdout], [], [], max(TICK, left))
            if not ready and left <= 0:
                return None
            if not ready:
                continue
            more = os.read(child.stdout.fileno(), CHUNK)
            if not more:
                return b""
            said += more
        return said

    @property
    def _patience(self) -> int:
        return IDLE_PATIENCE if self.is_idle else PATIENCE

    def _kill(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
        self._child = None


def _worked(child: Any) -> float:
    """Seconds of processor time that a child has had; of the wall clock, where the system does not tell."""
    try:
        stat = Path(f"/proc/{child.pid}/stat").read_text("ascii", "replace")
    except OSError:
        return monotonic()
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
