"""What verifying a credential costs, by the form of its proof, on the wall clock (a canonical form is made by a child).

    python -m tests.benchmarks.verify [--rounds 200] [--json]

Credentials of our own, everything at hand: nothing is fetched over a network. Required: documents with a JCS proof and
tokens under a millisecond, Open Badges with an RDFC proof under forty, and asking again of one that was verified, by
its status list, its issuer and its dates, under twenty microseconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from schemas.registry import Registries
from services.ingest.verify.canonical import Canonicaliser
from services.ingest.verify.verifier import Verifier
from tests.builders.credentials import AT, bare, compact, documents, rdfc_signed, said, signed
from tests.builders.verifying import NOW, Web, badge, documents_of_long_ago, intake, sent
from tests.builders.verifying import checking as stage_checks

GOALS = {"JCS": 1.0, "token": 1.0, "RDFC": 40.0, "again": 0.02}
"""Milliseconds."""


def main() -> int:
    """Measure and print; 0 when all are as quick as required."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    there = {url: json.dumps(document).encode() for url, document in documents().items()}
    canonicaliser = Canonicaliser(seconds=10)
    verifier = Verifier(there.__getitem__, canonicaliser, Registries())
    forms = {"JCS": signed(), "token": compact(), "RDFC": rdfc_signed(canonicaliser, bare())}
    found = {name: _milliseconds(verifier, one, options.rounds) for name, one in forms.items()}
    found["again"] = _again(canonicaliser, options.rounds)
    canonicaliser.close()
    if options.json:
        print(json.dumps({"milliseconds": found, "required": GOALS}))
    else:
        for name, spent in found.items():
            print(f"{name:6} {spent:8.4f} ms (required {GOALS[name]:g})")
    return 0 if all(found[name] < GOALS[name] for name in found) else 1


def _milliseconds(verifier: Verifier, credential: Any, rounds: int) -> float:
    payload = (credential if isinstance(credential, str) else json.dumps(credential)).encode()
    assert said(verifier.verify(payload, AT))["proof"] is True
    spent = [_timed(lambda: verifier.verify(payload, AT)) for _ in range(rounds)]
    return median(spent)


def _again(canonicaliser: Canonicaliser, rounds: int) -> float:
    """One credential of a thousand that are asked again, as on schedule."""
    checking = stage_checks(Web(documents_of_long_ago()), canonicaliser)
    ((_, _, known),) = checking.findings(sent(badge()), intake(), NOW)
    assert checking.again(known, NOW).tier == known.tier == 2
    return median(_timed(lambda: [checking.again(known, NOW) for _ in range(1000)]) for _ in range(rounds)) / 1000


def _timed(work: Callable[[], object]) -> float:
    """Wall clock, as the child's CPU is another process's."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    sys.exit(main())
