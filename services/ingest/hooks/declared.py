"""Which hooks there are: the operator's file, named by STEPWELL_HOOKS. `following` reads it again when it changes.

Each hook is a path, `/hooks/NAME`, a source that what comes there is of, and how its sender is known. Secrets may stand
in files of their own, so that the declaration can be shown around.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError, model_validator
from pydantic_core import ErrorDetails

from schemas.records import SENT_KINDS
from services.ingest.dialects.registry import BY_NAME

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Kinds = Annotated[tuple[str, ...], Field(min_length=1)]
LEARNING = ("award", "completion", "revocation", "enrolment")
"""Kinds of record that a hook may bring unless it says otherwise: nothing about who people are or where they work."""


class HooksRefused(ValueError):
    """A declaration that cannot be followed, in one sentence."""


class _Hook(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    name: Name
    """The last part of its path."""
    source: str
    """Who is taken to have sent what comes."""
    kinds: Kinds = LEARNING
    """Kinds of record that may come of it."""
    dialect: str | None = None
    """The dialect that it speaks; by default each payload's shape tells."""

    @model_validator(mode="after")
    def _names_what_there_is(self) -> Self:
        if self.dialect is not None and self.dialect not in BY_NAME:
            raise ValueError(f"dialect must be one of {', '.join(BY_NAME)}")
        if not set(self.kinds) <= set(SENT_KINDS):
            raise ValueError(f"kinds must be of {', '.join(SENT_KINDS)}")
        return self


class SignedHook(_Hook):
    """Bodies that are signed JWTs, as Canvas Live Events sends them."""

    kind: Literal["signed"]
    keys: str
    """The sender's JWKS: a file, or an https URL; read again when a key comes that is not known, and every hour."""
    tolerance_seconds: Annotated[int, Field(ge=0)] = 3600
    """How far the token's own times (exp, nbf, iat) may be off, where it has any."""


class StandardHook(_Hook):
    """Signatures of Standard Webhooks, in headers."""

    kind: Literal["standard"]
    secrets: tuple[str, ...] = ()
    """`whsec_` secrets or `whpk_` public keys, any of which is good: while one is rotated there are two."""
    secrets_file: Path | None = None
    """A file with more of them, one a line."""
    tolerance_seconds: Annotated[int, Field(ge=1)] = 300
    """How far the message's timestamp may be off."""

    @model_validator(mode="after")
    def _has_a_secret(self) -> Self:
        if not self.secrets and self.secrets_file is None:
            raise ValueError("give secrets, or a secrets_file")
        return self


class ClaimHook(_Hook):
    """Bodies that only name an event, which is then fetched, as Credly sends them."""

    kind: Literal["claim_check"]
    url: Annotated[str, StringConstraints(pattern=r"^https://[^/{}]+/")]
    """Where to fetch it: an https URL with `{organization_id}` and `{id}` for what the body says."""
    token_file: Path | None = None
    """A file with the token that the sender's API asks for."""
    authorization: Literal["basic", "bearer"] = "basic"
    """How the token is sent: as user name (Credly), or as bearer token."""
    organizations: Annotated[tuple[str, ...], Field(min_length=1)]
    """The organisations whose events are taken; any other is refused before anything is fetched."""
    dialect: str | None = "credly"
    """The dialect of what is fetched."""


Hook = Annotated[SignedHook | StandardHook | ClaimHook, Field(discriminator="kind")]


class _Declaration(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    hooks: tuple[Hook, ...] = ()


_adapter: TypeAdapter[_Declaration] = TypeAdapter(_Declaration)


def declared_hooks(path: str) -> Mapping[str, Hook]:
    """The hooks of a file (YAML or JSON) by name; none when the path is empty.

    Raises: HooksRefused.
    """
    if not path:
        return {}
    try:
        document = yaml.safe_load(Path(path).read_text("utf-8"))
        hooks = _adapter.validate_python({} if document is None else document).hooks
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise HooksRefused(f"the hooks in {path} cannot be read: {error}") from error
    except ValidationError as error:
        told = "; ".join(_told(entry) for entry in error.errors(include_url=False, include_input=False))
        raise HooksRefused(f"the hooks in {path} cannot be followed: {told}") from error
    found = {hook.name: hook for hook in hooks}
    if len(found) < len(hooks):
        raise HooksRefused(f"two hooks in {path} have one name")
    return found


def secrets_of(hook: StandardHook) -> tuple[str, ...]:
    """Every secret of a hook. Raises: OSError."""
    if hook.secrets_file is None:
        return hook.secrets
    lines = hook.secrets_file.read_text("utf-8").splitlines()
    return (*hook.secrets, *(line.strip() for line in lines if line.strip()))


def _told(entry: ErrorDetails) -> str:
    return f"{'.'.join(str(part) for part in entry['loc'])}: {entry['msg']}"
