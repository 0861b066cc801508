"""Published credentials through the verifier, the network off: what their manifest says of each, and what comes out.

Status lists, and the badge classes, profiles and keys of Open Badges 2.0, are served where they are among the files; a
hosted assertion is what its own address has; nothing else can be fetched.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
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
LINKED = "openbadges/ob20/assets/"
"""What assertions of Open Badges 2.0 link to: served, and judged with them."""
BADGES_2, EUROPEAN = "openbadges/ob20/", "vc/elm-"
UNRESOLVABLE = ("not resolvable offline", "v4rc1", "did:velocity")
UNSOUND = ("INVALID signature", "proof fails", "bad multicodec", "missing context", "type is not")
SAID: tuple[tuple[str, str, bool | None], ...] = (
    ("validFrom in the future", "dates", False),
    ("bit 23 set", "status", False),
    ("REVOKED (bit set)", "status", False),
    ("status unknown", "status", None),
    ("status list expired", "status", None),
    ("(1EdTechRevocationList)", "status", None),
    ("NOT the did:key", "key", False),
    ("key did:example unresolvable", "key", False),
    ("credentialSchema fails", "form", False),
    ("type is not", "form", False),
    ("missing context", "form", False),
)
"""Words of a verdict, and the answer that they give."""
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
    served = dict(_served(folder))
    try:
        for name, kind, verdict in _manifest(folder):
            content = (folder / name).read_bytes()
            verifier = Verifier(_fetch(served | _own(name, content)), canonicaliser, Registries())
            expected = expected_of(verdict, name, kind)
            yield Row(name, expected, _of(verifier.verify(content, AT).answers, expected))
    finally:
        canonicaliser.close()


def _fetch(there: Mapping[str, bytes]) -> Callable[[str], bytes]:
    def fetch(url: str) -> bytes:
        if url not in there:
            raise Unreachable(url, "offline")
        return there[url]

    return fetch


def expected_of(verdict: str, name: str = "", kind: str = "") -> Expected:
    """What a manifest's words mean for the separate answers; what they do not speak of is left out."""
    if name.startswith(BADGES_2):
        return _expected_of_badge(verdict, name)
    if name.startswith(EUROPEAN):
        return {"form": True, "proof": None if "not checked" in verdict else False}
    is_untold = any(words in verdict for words in UNRESOLVABLE)
    expected: Expected = {"proof": None if is_untold else not any(words in verdict for words in UNSOUND)}
    if verdict.startswith(("expired", "INVALID: expired")):
        expected["dates"] = "status list expired" in verdict
    expected |= {answer: told for words, answer, told in SAID if words in verdict}
    if verdict == "valid":
        expected["form"] = True
    if kind == "OB3 VC-JWT":
        expected["form"] = None
    return expected


def _expected_of_badge(verdict: str, name: str) -> Expected:
    """Open Badges 2.0. Where the issuer's profile is not among the files, nobody can know whose the assertion is."""
    if name.endswith("badge-class-with-language.json"):
        return {"form": True, "proof": None}  # a badge class awards nothing
    expected: Expected = {"form": True, "proof": True, "dates": True, "key": True}
    if verdict.startswith("INVALID"):
        expected["form"] = not any(words in verdict for words in ("data image", "context"))
        expected["dates"] = not any(words in verdict for words in ("expired", "future"))
    is_unreachable = name.endswith(("invalid-multiple-starts-with.json", "with-allowed-origins.json"))
    if is_unreachable or verdict.startswith("WARNING"):
        expected["key"] = None
    return expected


def _manifest(folder: Path) -> Iterator[tuple[str, str, str]]:
    with (folder / "MANIFEST.tsv").open(encoding="utf-8") as lines:
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            name = row[0]
            if name.startswith(FOLDERS) and not name.startswith(LINKED) and name.endswith(".json"):
                yield name, row[-2], row[-1]


def _own(name: str, content: bytes) -> dict[str, bytes]:
    """A hosted assertion at its own address."""
    document = json.loads(content)
    return {str(document.get("id")): content} if name.startswith(BADGES_2) else {}


def _served(folder: Path) -> Iterator[tuple[str, bytes]]:
    """What can be fetched, by address."""
    yield from _lists(folder)
    for path in (folder / LINKED).glob("*.json"):
        for start in ("http://example.org/", "https://example.org/"):
            yield f"{start}{path.name}", path.read_bytes()


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
