"""What an operator may declare, and how a slip is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.ingest.hooks.claims import address_of, headers_of
from services.ingest.hooks.declared import ClaimHook, HooksRefused, StandardHook, declared_hooks, secrets_of
from services.runtime.errors import Rejected

CLAIM = {
    "name": "credly",
    "source": "credly",
    "kind": "claim_check",
    "url": "https://api.example.org/v1/organizations/{organization_id}/events/{id}",
    "organizations": ["org-1"],
}
STANDARD = {"name": "acme", "source": "acme", "kind": "standard", "secrets": ["whsec_AQID"]}


def declare(folder: Path, *hooks: dict[str, Any]) -> str:
    """A declaration of hooks, as a file."""
    path = folder / "hooks.yaml"
    path.write_text(yaml.safe_dump({"hooks": list(hooks)}))
    return str(path)


def test_hooks_are_known_by_name(tmp_path: Path) -> None:
    """Each with its kind; none without a file."""
    found = declared_hooks(declare(tmp_path, CLAIM, STANDARD))
    assert {name: hook.kind for name, hook in found.items()} == {"credly": "claim_check", "acme": "standard"}
    assert declared_hooks("") == {}


@pytest.mark.parametrize(
    "hook",
    [
        {**STANDARD, "kind": "plain"},
        {**STANDARD, "secrets": []},
        {**STANDARD, "name": "Not A Path"},
        {**STANDARD, "dialect": "latin"},
        {**STANDARD, "kinds": ["gossip"]},
        {**CLAIM, "url": "http://api.example.org/{id}"},
        {**CLAIM, "url": "https://{id}/"},
        {**CLAIM, "organizations": []},
        {**CLAIM, "colour": "red"},
    ],
)
def test_what_cannot_be_followed_is_told_at_the_start(tmp_path: Path, hook: dict[str, Any]) -> None:
    """Before anything is listened to."""
    if hook.get("secrets") == []:
        del hook["secrets"]
    with pytest.raises(HooksRefused):
        declared_hooks(declare(tmp_path, hook))


def test_two_hooks_of_one_name_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    """One path cannot be two senders."""
    for path in (declare(tmp_path, STANDARD, STANDARD), str(tmp_path / "nowhere.yaml")):
        with pytest.raises(HooksRefused):
            declared_hooks(path)


def test_secrets_may_stand_in_a_file_of_their_own(tmp_path: Path) -> None:
    """One a line, beside those that are declared."""
    (tmp_path / "secrets").write_text("whsec_BAUG\n\nwhsec_BwgJ\n")
    hook = StandardHook.model_validate({**STANDARD, "secrets_file": tmp_path / "secrets"})
    assert secrets_of(hook) == ("whsec_AQID", "whsec_BAUG", "whsec_BwgJ")


def test_a_claim_is_fetched_from_the_declared_address(tmp_path: Path) -> None:
    """With the token as the sender's API wants it."""
    (tmp_path / "token").write_text("t0ken\n")
    hook = ClaimHook.model_validate({**CLAIM, "token_file": tmp_path / "token"})
    url = address_of(hook, b'{"id": "ev-1", "organization_id": "org-1"}')
    assert url == "https://api.example.org/v1/organizations/org-1/events/ev-1"
    assert headers_of(hook)["authorization"] == "Basic dDBrZW46"
    bearer = hook.model_copy(update={"authorization": "bearer"})
    assert headers_of(bearer)["authorization"] == "Bearer t0ken"
    assert "authorization" not in headers_of(ClaimHook.model_validate(CLAIM))


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"{",
        b'{"id": "../../admin", "organization_id": "org-1"}',
        b'{"id": "x?y=1", "organization_id": "org-1"}',
        b'{"id": "ev-1", "organization_id": "org-2"}',
        b'{"id": 7, "organization_id": "org-1"}',
    ],
)
def test_what_a_stranger_posts_decides_nothing_but_two_ids(body: bytes) -> None:
    """No path of its own, and no organisation but those that are declared."""
    with pytest.raises(Rejected):
        address_of(ClaimHook.model_validate(CLAIM), body)
