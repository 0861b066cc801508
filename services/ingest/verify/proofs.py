"""Data Integrity proofs: does a signature belong to these words, and which verification method made it.

Suites: eddsa-rdfc-2022 (and as eddsa-2022, its name in drafts), eddsa-jcs-2022, ecdsa-rdfc-2019, ecdsa-jcs-2019 (P-256,
P-384), and Ed25519Signature2020. Of a proof set any one that holds is enough, of a chain each; proofs of kinds that are
not known here are passed over. Source: W3C Verifiable
Credential Data Integrity 1.0, section 4.5, https://www.w3.org/TR/vc-data-integrity/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256, sha384
from typing import Any

import rfc8785

from services.ingest.verify.canonical import Canonicaliser, NotCanonical
from services.ingest.verify.dates import in_force
from services.ingest.verify.documents import Document, as_list, enveloped, id_of, is_token
from services.ingest.verify.keys import Keys, Method
from services.ingest.verify.multikeys import Key, from_base58

_SUITES = {
    "eddsa-rdfc-2022": ("rdfc", ("Ed25519",)),
    "eddsa-jcs-2022": ("jcs", ("Ed25519",)),
    "ecdsa-rdfc-2019": ("rdfc", ("P-256", "P-384")),
    "ecdsa-jcs-2019": ("jcs", ("P-256", "P-384")),
    "Ed25519Signature2020": ("rdfc", ("Ed25519",)),
    "eddsa-2022": ("rdfc", ("Ed25519",)),
}
PURPOSE = "assertionMethod"
MOST_PROOFS = 4
_VOCABULARIES = ("www.w3.org/2018/credentials", "www.w3.org/ns/credentials", "purl.imsglobal.org", "@", "schema.org")
"""What credentials are read by; and keywords."""
_VALUE_WORDS = frozenset({"@value", "@language", "@direction"})


@dataclass(frozen=True, slots=True)
class Checked:
    """One proof checked: whether it holds (None: that could not be told), why, by which method, what it leaves out."""

    holds: bool | None
    code: str
    detail: str
    method: Method | None = None
    dropped: tuple[str, ...] = ()


def sound(code: str, method: Method, dropped: tuple[str, ...] = ()) -> Checked:
    """The signature holds."""
    return Checked(holds=True, code=code, detail="the signature belongs to these words", method=method, dropped=dropped)


def unsound(code: str, detail: str, method: Method | None = None) -> Checked:
    """The signature does not hold."""
    return Checked(holds=False, code=code, detail=detail, method=method)


def untold(code: str, detail: str, method: Method | None = None) -> Checked:
    """Whether the signature holds cannot be told."""
    return Checked(holds=None, code=code, detail=detail, method=method)


OTHER = "the signature is of other words or of another key"
NO_KEY = "the key that signed could not be had"


def without_key(method: Method) -> Checked:
    """By a method that has no key: wrongly spelled, so that nothing holds, or not to be had."""
    tell = unsound if method.reason == "bad_key" else untold
    return tell(method.reason or "no_key", NO_KEY, method)


def best(found: list[Checked]) -> Checked | None:
    """Of several, the first that holds, else the first that cannot be told, else the first; None of none."""
    for holds in (True, None, False):
        for one in found:
            if one.holds is holds:
                return one
    return None


@dataclass(frozen=True, slots=True)
class Proofs:
    """Checks proofs."""

    keys: Keys
    canonicaliser: Canonicaliser

    def checked(self, document: Document) -> Checked:
        """What the proofs of a document come to: one that holds and is by its issuer, else the best there is."""
        proofs = [one for one in as_list(document.get("proof")) if isinstance(one, dict)]
        if not proofs:
            return unsound("unsigned", "it carries no proof")
        known = [one for one in proofs if _suite(one) in _SUITES][:MOST_PROOFS]
        if not known:
            return untold("unknown_suite", f"no proof of a kind that is known here: {_names(proofs)}")
        found: list[Checked] = []
        for proof in known:
            one = self._chained(document, proof, known)
            if one.holds and one.method is not None and one.method.controller == id_of(document.get("issuer")):
                return one
            found.append(one)
        return best(found) or found[0]

    def _chained(self, document: Document, proof: Document, proofs: list[Document], length: int = 1) -> Checked:
        """A proof and those before it in its chain: it is over them as well, and holds only if they do.

        Source: W3C Data Integrity 1.0, section 4.6 (Verify Proof Sets and Chains).
        """
        if "previousProof" not in proof:
            return self._checked(document, proof)
        before = [one for one in proofs if one.get("id") in as_list(proof["previousProof"]) and "id" in one]
        if length == MOST_PROOFS or len(before) != len(as_list(proof["previousProof"])):
            return unsound("broken_chain", "a proof that it builds on is missing")
        for one in before:
            earlier = self._chained(document, one, proofs, length + 1)
            if not earlier.holds:
                return earlier
        return self._checked(document, proof, before)

    def _checked(self, document: Document, proof: Document, before: list[Document] | None = None) -> Checked:
        method_id = proof.get("verificationMethod")
        if isinstance(method_id, dict):
            method_id = method_id.get("id")
        if proof.get("proofPurpose") != PURPOSE:
            return unsound("another_purpose", f"its purpose is not {PURPOSE}")
        if not isinstance(method_id, str) or not isinstance(proof.get("proofValue"), str):
            return unsound("incomplete", "the proof lacks verificationMethod or proofValue")
        if ":" not in method_id:
            return unsound("bad_method", "verificationMethod is no address")
        if in_force(None, proof.get("expires"), self.keys.at).answer is not True:
            return unsound("proof_expired", "the proof is no longer in force")
        method = self.keys.method(method_id)
        if method.key is None:
            return without_key(method)
        secured = document if before is None else {**document, "proof": before}
        return self._signed(secured, proof, method, method.key, is_chained=before is not None)

    def _signed(
        self, document: Document, proof: Document, method: Method, key: Key, *, is_chained: bool = False
    ) -> Checked:
        suite = _suite(proof)
        form, curves = _SUITES[suite]
        if form == "rdfc" and is_respelled(document):
            return untold(
                "respelled", "members are spelled in other ways than by their terms, so who reads it may err", method
            )
        if key.curve not in curves:
            return unsound("another_algorithm", f"{suite} is not made with {key.curve} keys", method)
        try:
            bare = {name: value for name, value in document.items() if is_chained or name != "proof"}
            digest, dropped = self._digest(bare, proof, form, sha384 if key.curve == "P-384" else sha256)
            is_signed = key.signed(from_base58(proof["proofValue"]), digest)
        except NotCanonical as error:
            return untold(error.reason, str(error), method)
        except ValueError as error:
            return unsound("not_well_formed", str(error), method)
        return sound(suite, method, dropped) if is_signed else unsound("another_signature", OTHER, method)

    def _digest(
        self, bare: Document, proof: Document, form: str, digest: Callable[[bytes], Any]
    ) -> tuple[bytes, tuple[str, ...]]:
        """What was signed: the digests of the proof's options and of the document, with no proof but those before.

        Raises: NotCanonical; ValueError.
        """
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        if form == "jcs":
            if "@context" in options:
                bare["@context"] = _context_of_proof(bare.get("@context"), options["@context"])
            return digest(rfc8785.dumps(options)).digest() + digest(rfc8785.dumps(bare)).digest(), ()
        options["@context"] = bare.get("@context")
        said, whole = self.canonicaliser.canonical(options), self.canonicaliser.canonical(bare)
        return digest(said.quads).digest() + digest(whole.quads).digest(), whole.dropped


def _context_of_proof(of_document: Any, of_proof: Any) -> Any:
    """The context that was signed with. Raises: ValueError when the document does not begin with it."""
    has, said = as_list(of_document), as_list(of_proof)
    if has[: len(said)] != said:
        raise ValueError("the document does not begin with the context of its proof")
    return of_proof


def is_respelled(value: Any) -> bool:
    """Whether members are named by IRIs or keywords instead of terms, or contexts are written inline.

    Then JSON-LD, and with it the signature, reads another document than whoever reads the JSON: a status renamed to its
    IRI is still signed, and no longer seen.
    """
    if isinstance(value, list):
        return any(map(is_respelled, value))
    if not isinstance(value, dict):
        return False
    for name, inner in value.items():
        if name == "@context":
            if any(not isinstance(one, str) and _renames(one) for one in as_list(inner)):
                return True
        elif ":" in name or (name.startswith("@") and name not in _VALUE_WORDS) or is_respelled(inner):
            return True
    return False


def _renames(context: Any) -> bool:
    """Whether an inline context may give another name to what the credential is read by."""
    return not isinstance(context, dict) or any(
        not str(meaning).endswith(f"#{name}")
        and (name == "@import" or any(one in str(meaning) for one in _VOCABULARIES))
        for name, meaning in context.items()
    )


def _suite(proof: Document) -> str:
    name = proof.get("cryptosuite") if proof.get("type") == "DataIntegrityProof" else proof.get("type")
    return name if isinstance(name, str) else ""


def _names(proofs: list[Document]) -> str:
    return ", ".join(dict.fromkeys(_suite(proof) or "unnamed" for proof in proofs))


def embedded(document: Document, names: tuple[str, ...]) -> Iterator[Document | str]:
    """The credentials that a document carries under these names, at any depth: documents with a proof, and tokens."""
    for name, value in document.items():
        for one in as_list(value):
            if name in names and (is_token(one) or (isinstance(one, dict) and enveloped(one))):
                yield one if isinstance(one, str) else str(enveloped(one))
            elif isinstance(one, dict) and name in names and "proof" in one:
                yield one
            elif isinstance(one, dict):
                yield from embedded(one, names)
