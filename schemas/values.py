"""The small values that records, catalogs and progress share: instants, accounts, achievements, scores, credits.

All models are closed (an unknown member is an error that names it), frozen and strict: a JSON number is never read as
text, nor text as a number. Instants are zone-aware and kept in UTC with microseconds.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict


def _to_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("an instant must lie within the years 1 to 9999, also in UTC") from error


Instant = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""A moment, UTC. JSON: RFC 3339 text with an offset, such as 2025-06-01T00:00:00Z."""

Identifier = Annotated[str, StringConstraints(min_length=1, max_length=2048)]
"""An id as its owner wrote it: an IRI, a course key, a slug. Compared byte by byte."""

Label = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Text = Annotated[str, StringConstraints(max_length=10_000)]
Level = Annotated[Annotated[int, Field(ge=-(2**53), le=2**53)] | str, Field(union_mode="left_to_right")]
"""A course number or a name. Whole numbers as far as every JSON reader keeps them exact."""
Trust = Annotated[int, Field(ge=0, le=4)]
"""0 self-asserted, 1 stated by an authenticated source, 2 key bound to issuer, 3 registered issuer, 4 endorsed."""

CreditUnit = Literal["semester_hour", "quarter_hour", "ects", "ceu", "hour", "year", "point", "competency_unit"]


class Closed(BaseModel):
    """A contract model: closed, frozen, strict."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        populate_by_name=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )


def _is_given(member: str) -> JsonDict:
    return {"required": [member], "not": {"properties": {member: {"type": "null"}}}}


def exactly_one_of(*members: str) -> JsonDict:
    """What a model's validator asks, said in JSON Schema: exactly one of these members is there and not null."""
    return {"oneOf": [_is_given(member) for member in members]}


def at_least_one_of(*members: str) -> JsonDict:
    """What a model's validator asks, said in JSON Schema: at least one of these members is there and not null."""
    return {"anyOf": [_is_given(member) for member in members]}


class AccountOnSystem(Closed):
    """An account on some system. Source: xAPI 1.0.3 Data 2.4.2.4, account object."""

    homePage: Identifier
    name: Identifier


class IdentityHash(Closed):
    """A hashed identifier of a person. Source: Open Badges 3.0, IdentityObject with `hashed` true."""

    hash: Annotated[str, StringConstraints(pattern=r"^(sha256\$[0-9a-fA-F]{64}|md5\$[0-9a-fA-F]{32})$")]
    """`sha256$` (or `md5$`) and the hexadecimal digest of the identifier followed by the salt."""
    salt: Annotated[str, StringConstraints(max_length=500)] = ""
    type: Label = "emailAddress"
    """Open Badges' IdentifierTypeEnum: what was hashed."""


IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account", "did", "identity_hash", "pseudonym")
"""The members of an account, of which it has exactly one."""


class Account(Closed):
    """Exactly one inverse functional identifier of a person.

    Source: xAPI 1.0.3 Data 2.4.2.3; W3C DID Core (`did`); Open Badges 3.0 (`identity_hash`).
    """

    model_config = ConfigDict(json_schema_extra=exactly_one_of(*IDENTIFIERS))

    mbox: Annotated[str, StringConstraints(pattern=r"^mailto:[^@\s]+@[^@\s]+$", max_length=400)] | None = None
    mbox_sha1sum: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{40}$")] | None = None
    openid: Identifier | None = None
    account: AccountOnSystem | None = None
    did: Annotated[str, StringConstraints(pattern=r"^did:[a-z0-9]+:.+$", max_length=2048)] | None = None
    identity_hash: IdentityHash | None = None
    pseudonym: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}:[0-9a-f]{64}$")] | None = None
    """What ingest puts in place of an identifier that tells an e-mail address: its kind, and a keyed digest of it."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = [self.mbox, self.mbox_sha1sum, self.openid, self.account, self.did, self.identity_hash, self.pseudonym]
        if len(given) - given.count(None) != 1:
            raise ValueError(f"give exactly one of {', '.join(IDENTIFIERS)}")
        return self


class Achievement(Closed):
    """What can be earned. Only `id` is needed: the other members fill in what the catalog does not say."""

    id: Identifier
    name: Label | None = None
    type: Label | None = None
    level: Level | None = None
    tags: tuple[Label, ...] = ()
    skills: tuple[Identifier, ...] = ()
    subject: Label | None = None
    term: Label | None = None


class Score(Closed):
    """A result's score. Source: xAPI 1.0.3 Data 2.4.5.1 (`scaled` in -1..1, `raw` within min..max)."""

    scaled: Annotated[float, Field(ge=-1, le=1)] | None = None
    raw: float | None = None
    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise ValueError("score.min must be below score.max")
        if self.raw is not None and (
            (self.min is not None and self.raw < self.min) or (self.max is not None and self.raw > self.max)
        ):
            raise ValueError("score.raw must lie within score.min and score.max")
        return self


class Credits(Closed):
    """A workload or credit value with its unit; units are never converted unless a catalog declares the rate."""

    value: Annotated[float, Field(ge=0)]
    unit: CreditUnit


class Result(Closed):
    """One named result within an achievement (Open Badges 3.0 Result): a rubric level, a sub-score, a status."""

    name: Label
    value: str | float | None = None
    status: Label | None = None
