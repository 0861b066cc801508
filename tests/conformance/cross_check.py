"""Our verifier and one that has never heard of us (openvc-core) over published credentials: where they differ, and why.

Only signatures are compared: each proof of a document is handed over alone, with the key that its method spells out and
the contexts that are pinned here, dates and issuers left aside, since the other verifier takes no lists of proofs,
brings few contexts, and refuses before it tells which of these it was. `python -m tests.conformance.cross_check` writes
the table of docs/cross-check.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from openvc.errors import OpenvcError
from openvc.proof._verify_common import resolve_verification_key
from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.di_ecdsa_rdfc import EcdsaRdfcProofSuite
from openvc.proof.di_jcs import EcdsaJcsProofSuite, EddsaJcsProofSuite
from openvc.proof.errors import CredentialNotYetValid, SignatureInvalid

from services.ingest.verify.contexts import loader
from tests.conformance import credentials

ROOT = Path(__file__).parents[2]
FIXTURES, DOCUMENT = ROOT.parent / "shared" / "fixtures", ROOT / "docs" / "cross-check.md"
RDFC: Mapping[str, Any] = {"eddsa-rdfc-2022": DataIntegrityProofSuite, "ecdsa-rdfc-2019": EcdsaRdfcProofSuite}
JCS: Mapping[str, Any] = {"eddsa-jcs-2022": EddsaJcsProofSuite, "ecdsa-jcs-2019": EcdsaJcsProofSuite}
COMPACTED = "openvc-core wants each document exactly as JSON-LD would compact it"
EXPLAINED: tuple[tuple[str, str], ...] = (
    ("suite eddsa-2022", "openvc-core knows eddsa-rdfc-2022 by its final name only, and not by that of drafts"),
    (
        "suite Ed25519Signature2020",
        "openvc-core has no Ed25519Signature2020, which most DCC credentials are signed with",
    ),
    (
        "(at /type/1)",
        f"{COMPACTED}; AchievementCredential has the IRI of OpenBadgeCredential, which compacting picks",
    ),
    ("/criteria/type", f"{COMPACTED}; the type Criteria has the IRI of the member criteria, which compacting picks"),
    (
        "(at /credentialSubject/achievement)",
        f"{COMPACTED}; the CLR's members are scoped to a type, and compacting spells them as IRIs",
    ),
    (
        "inline @context",
        "openvc-core takes no inline context but @vocab; ours takes one that gives no known member's name",
    ),
    (
        "unsupported did:key multicodec",
        "no difference in effect: the key is spelled wrongly; ours says no, theirs refuses",
    ),
)
"""What the other verifier says, or a part of it, and why that is so."""
_WORDS = {True: "yes", False: "no", None: "cannot tell"}
_HEAD = """# Cross-check

Our verifier and openvc-core, which has never heard of us, over the published
credentials with Data Integrity proofs: {same} of {total} proofs are judged alike, and of the others neither calls sound
what the other calls unsound. `python -m tests.conformance.cross_check` writes this page; a test holds it to what comes
out. Tokens, and what Stepwell issues, are checked by openvc-core and openbadgeslib in the tests of issuing and of
verification.

| credential | ours | openvc-core | why |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """One credential: what each says of its proof (None: it cannot tell), and why the other one says so."""

    name: str
    ours: bool | None
    theirs: bool | None
    reason: str

    @property
    def differs(self) -> bool:
        """Whether they do not say the same."""
        return self.ours != self.theirs

    @property
    def contradicts(self) -> bool:
        """Whether one calls sound what the other calls unsound."""
        return self.differs and None not in (self.ours, self.theirs)

    @property
    def explained(self) -> str:
        """Why they differ, empty when nobody knows."""
        return next((why for words, why in EXPLAINED if words in self.reason), "")


def compared(folder: Path) -> Iterator[Compared]:
    """A row for each credential with Data Integrity proofs."""
    for row in credentials.rows(folder):
        document = json.loads((folder / row.name).read_text("utf-8"))
        if "proof" in document:
            theirs, reason = elsewhere(document)
            yield Compared(row.name, row.found["proof"], theirs, reason)


def page(rows: Iterable[Compared]) -> str:
    """The page for people: what differs, one by one."""
    found = list(rows)
    lines = [
        f"| {one.name} | {_WORDS[one.ours]} | {_WORDS[one.theirs]} | {one.explained} |" for one in found if one.differs
    ]
    same = sum(not one.differs for one in found)
    return _HEAD.format(same=same, total=len(found)) + "\n".join(lines) + "\n"


def elsewhere(document: Any) -> tuple[bool | None, str]:
    """What the other verifier says of a document, by its proofs one by one; why, when it is not yes."""
    proofs = document["proof"] if isinstance(document["proof"], list) else [document["proof"]]
    told = [_of_one({**document, "proof": proof}, proof) for proof in proofs]
    return next(one for answer in (True, None, False) for one in told if one[0] is answer)


def _of_one(document: Any, proof: Any) -> tuple[bool | None, str]:
    suite = proof.get("cryptosuite", proof.get("type"))
    try:
        key = _key(str(proof.get("verificationMethod")))
        if suite in RDFC:
            RDFC[suite]().verify(document, public_key_jwk=key, check_temporal=False, extra_contexts=_contexts())
        elif suite in JCS:
            JCS[suite]().verify(document, public_key_jwk=key, check_temporal=False)
        else:
            return None, f"suite {suite}"
    except SignatureInvalid:
        return False, "signature"
    except CredentialNotYetValid:
        return True, ""  # it looks at dates after the signature
    except (OpenvcError, ValueError) as error:
        return None, f"{type(error).__name__}: {error}"
    return True, ""


@cache
def _contexts() -> Mapping[str, Any]:
    """The contexts that are pinned here, as the other verifier wants them."""
    found = loader().documents
    return {url: one if isinstance(one, dict) else json.loads(one.read_text("utf-8")) for url, one in found.items()}


def _key(method: str) -> Any:
    """The key that a method spells out, as the other verifier reads it."""
    multikey = method.partition("#")[2] or method.removeprefix("did:key:")
    return resolve_verification_key(f"did:key:{multikey}#{multikey}", proof_purpose="assertionMethod", resolver=None)


if __name__ == "__main__":
    DOCUMENT.write_text(page(compared(FIXTURES)), "utf-8")
