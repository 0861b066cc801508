"""Published credentials through the verifier, the network off: what their manifest says of each, and what comes out.

Status lists that are among the files are served to the verifier; nothing else can be fetched.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from schemas.registry import Registries
from services.core.trust import Answers
from services.ingest.verify.canonical import Canonicaliser
from services.ingest.verify.fetching import Unreachable
from services.ingest.verify.verifier import Verifier

AT = datetime(2026, 11, 24, tzinfo=UTC)
FOLDERS = ("openbadges/", "clr/", "vc/")
ELSEWHERE = ("openbadges/ob20/", "vc/elm-", "openbadges/vcjwt-")
"""Open Badges 2.0, the European Learning Model's seals, and a key of a method that is not known here."""
UNRESOLVABLE = ("not resolvable offline", "v4rc1", "obsolete cryptosuite")
UNSOUND = ("INVALID signature", "proof fails", "bad multicodec", "missing context", "type is not", "unresolvable")
HEAD = f"{'credential':76} {'expected':34} {'found':34}"
Expected = dict[str, bool | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One credential: what its manifest says, and what was found of that."""

    name: str
    expected: Expected
    found: Expected

    @property
    def wrong(self) -> bool:
        """Whether something else was found."""
        return self.expected != self.found

    def __str__(self) -> str:
        mark = "  <-- differs" if self.wrong else ""
        return f"{self.name[-76:]:76} {_told(self.expected):34} {_told(self.found):34}{mark}"


def rows(folder: Path) -> Iterator[Row]:
    """A row for each credential of the fixtures' folder."""
    canonicaliser = Canonicaliser()
    lists = dict(_lists(folder))

    def fetch(url: str) -> bytes:
        if url not in lists:
            raise Unreachable(url, "offline")
        return lists[url]

    verifier = Verifier(fetch, canonicaliser, Registries())
    try:
        for name, verdict in _manifest(folder):
            expected = expected_of(verdict)
            answers = verifier.verify((folder / name).read_bytes(), AT).answers
            yield Row(name, expected, _of(answers, expected))
    finally:
        canonicaliser.close()


def expected_of(verdict: str) -> Expected:
    """What a manifest's words mean for the separate answers; what they do not speak of is left out."""
    is_untold = any(words in verdict for words in UNRESOLVABLE)
    proof = None if is_untold else not any(words in verdict for words in UNSOUND)
    expected: Expected = {"proof": proof}
    if verdict.startswith(("expired", "INVALID: expired")):
        expected["dates"] = "status list expired" in verdict
    if "validFrom in the future" in verdict:
        expected["dates"] = False
    if "bit 23 set" in verdict:
        expected["status"] = False
    if "status unknown" in verdict:
        expected["status"] = None
    if "NOT the did:key" in verdict:
        expected["key"] = False
    return expected


def _manifest(folder: Path) -> Iterator[tuple[str, str]]:
    with (folder / "MANIFEST.tsv").open(encoding="utf-8") as lines:
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            name = row[0]
            if name.startswith(FOLDERS) and not name.startswith(ELSEWHERE) and name.endswith(".json"):
                yield name, row[-1]


def _lists(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Status lists by the addresses that credentials give, where the file is among the fixtures."""
    files = {path.stem.removeprefix("statusList__"): path for path in folder.glob("vc/dcc/statusList__*")}
    files["testlist"] = folder / "openbadges" / "1edtech-bsl-statuslist.json"
    for path in folder.rglob("*.json"):
        with suppress(ValueError, AttributeError):
            status: Any = json.loads(path.read_text("utf-8")).get("credentialStatus")
            for entry in status if isinstance(status, list) else [status]:
                url = str(entry.get("statusListCredential"))
                if url.rpartition("/")[2] in files:
                    yield url, files[url.rpartition("/")[2]].read_bytes()


def _of(answers: Answers, expected: Expected) -> Expected:
    return {name: getattr(answers, name).answer for name in expected}


def _told(answers: Expected) -> str:
    words = {True: "yes", False: "no", None: "unknown"}
    return ", ".join(f"{name} {words[answer]}" for name, answer in answers.items())
