"""Credentials that are made to cost much, and what they cost: `python -m tests.builders.hostile` prints it as JSON."""

from __future__ import annotations

import json
import resource
import sys
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from services.ingest.verify.canonical import Canonicaliser
from services.ingest.verify.contexts import EXAMPLES, V2
from services.ingest.verify.documents import DEEPEST, MOST_BYTES, MOST_VALUES
from services.ingest.verify.pictures import KEYWORDS, PNG
from services.runtime.errors import Rejected
from services.runtime.issuing import secured
from tests.builders.credentials import AT, KEY, LIST, bare, documents, signed, verified
from tests.builders.issuing import DID

PROOF = signed()["proof"]
RDFC = PROOF | {"cryptosuite": "eddsa-rdfc-2022"}
MANY = MOST_VALUES * 9 // 10


def poison(size: int = 8) -> dict[str, Any]:
    """A clique of blank nodes."""
    nodes = [{"id": f"_:b{n}", "related": [{"id": f"_:b{m}"} for m in range(size) if m != n]} for n in range(size)]
    return bare(**{"@context": [V2, EXAMPLES], "credentialSubject": nodes, "proof": RDFC})


def _endorsed() -> dict[str, Any]:
    """An endorsement of an endorsement, and so on, each of some size and with proofs."""
    one = signed()
    for _ in range(DEEPEST // 2):
        one = bare(endorsement=one, related=["x"] * (MANY // DEEPEST), proof=[PROOF] * 4)
    return one


def _picture() -> bytes:
    packed = KEYWORDS[0] + b"\0\1\0\0\0" + zlib.compress(bytes(32 << 20))
    return PNG + len(packed).to_bytes(4) + b"iTXt" + packed + bytes(4)


HOSTILE: Mapping[str, Callable[[], Any]] = {
    "poison": poison,
    "many values, four proofs": lambda: bare(related=[0.5] * MANY, proof=[PROOF] * 4),
    "many blank nodes": lambda: bare(
        **{"@context": [V2, EXAMPLES], "credentialSubject": [{"a": 1}] * (MANY // 2), "proof": [RDFC] * 4}
    ),
    "endorsed endlessly": _endorsed,
    "as long as may be": lambda: bare(related="x" * (MOST_BYTES - 10_000), proof=[PROOF, RDFC]),
    "as many as it likes": lambda: b'{"a": [' + b"[]," * (MOST_BYTES // 4) + b"1]}",
    "deep": lambda: b'{"a":' * (MOST_VALUES // 2),
    "a list that unpacks to gigabytes": signed,
    "a picture that unpacks to gigabytes": _picture,
}


def _zeros(octets: int) -> bytes:
    """So many zero octets, gzipped, and never all at hand."""
    packer, part = zlib.compressobj(wbits=31), bytes(1 << 20)
    return b"".join([*(packer.compress(part) for _ in range(octets // len(part))), packer.flush()])


def _documents() -> dict[str, Any]:
    """The issuer's documents, with a status list that is a bomb."""
    listed = {name: value for name, value in documents()[LIST].items() if name != "proof"}
    bomb = "u" + urlsafe_b64encode(_zeros(1 << 30)).rstrip(b"=").decode()
    listed["credentialSubject"] = listed["credentialSubject"] | {"encodedList": bomb}
    return documents() | {LIST: secured(listed, DID, KEY, AT)}


def main() -> None:
    """Verify each, and say by name that it was answered or refused, and the most memory that was taken."""
    canonicaliser = Canonicaliser()
    answered = {}
    for name, made in HOSTILE.items():
        try:
            verified(made(), _documents() if "list" in name else {}, canonicaliser=canonicaliser)
            answered[name] = "answered"
        except Rejected as refusal:
            answered[name] = refusal.first.code
    canonicaliser.close()
    of_child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    sys.stdout.write(json.dumps({"answered": answered, "megabytes": (_own_peak_kilobytes() + of_child) >> 10}))


def _own_peak_kilobytes() -> int:
    """The most memory of this program. What `getrusage` says outlives exec, so it tells of whoever started it, too."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    main()
