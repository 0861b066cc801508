"""Who a record is about, and who that is in the end, once the links are followed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha1
from typing import Any

from deploy.demo.reckoning.facts import Fact, need

_MEMBERS = {"mbox", "mbox_sha1sum", "openid", "account", "did"}


def account_name(account: Any) -> str:
    """One text for an account, the same for a mail address and its digest.

    Raises:
        Refused: not exactly one identifier, or one of the wrong shape.
    """
    need(isinstance(account, Mapping) and len(account) == 1 and set(account) <= _MEMBERS)
    ((member, value),) = account.items()
    if member == "account":
        need(isinstance(value, Mapping) and set(value) == {"homePage", "name"})
        need(all(isinstance(part, str) and part for part in value.values()))
        return "account " + json.dumps([value["homePage"], value["name"]])
    need(isinstance(value, str) and value)
    if member == "mbox":
        need(value.startswith("mailto:") and "@" in value)
        return "mail " + sha1(value.lower().encode(), usedforsecurity=False).hexdigest()
    return f"mail {value.lower()}" if member == "mbox_sha1sum" else f"{member} {value}"


def worker_name(worker_id: str) -> str:
    """The text for a worker whom a source calls by an id of its own."""
    return f"worker {worker_id}"


def final_persons(facts: Iterable[Fact]) -> dict[str, str]:
    """For every linked account, the worker it leads to: the newest link of an account wins, and chains are followed.

    Accounts that lead round in a circle all lead to the circle's smallest name.
    """
    newest: dict[str, Fact] = {}
    for link in sorted((fact for fact in facts if fact.kind == "link"), key=lambda fact: (fact.at, fact.identity)):
        newest[link.person] = link
    target = {account: worker_name(link.said["worker_id"]) for account, link in newest.items()}
    return {account: _end(account, target) for account in target}


def _end(start: str, target: Mapping[str, str]) -> str:
    path = [start]
    while path[-1] in target:
        following = target[path[-1]]
        if following in path:
            return min(path[path.index(following) :])
        path.append(following)
    return path[-1]
