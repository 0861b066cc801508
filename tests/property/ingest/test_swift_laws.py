"""The swift way for plain statements comes to what the long way comes to, or leaves them to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.dialects.xapi.identity import Naming
from services.ingest.lrs.arriving import Reader
from services.ingest.lrs.completion import Authority, authority_of
from services.ingest.lrs.incoming import Incoming
from services.ingest.lrs.swift import Swift
from services.runtime.errors import Rejected
from tests.builders.statements import statement

SENDER = Authority("src_1", "lms")
AUTHORITY = authority_of(SENDER, "https://x.example")
READERS = {each: Reader("https://x.example", is_version_2=each) for each in (False, True)}
SWIFT = {each: Swift(is_version_2=each) for each in (False, True)}
"""Used over and over, so that what was remembered of one example meets the next."""
UUIDS = ("6c7b2a10-7b0d-4a37-8d2a-1f6f6b1f1a11", "6C7B2A10-7B0D-4A37-8D2A-1F6F6B1F1A11")
AGENT = {"mbox": "mailto:a@example.org"}
SITE = {"id": "https://lms.example.org", "definition": {"type": "http://id.tincanapi.com/activitytype/lms"}}
GOOD = statement(
    id=UUIDS[0],
    version="1.0.0",
    result={"score": {"scaled": 0.5, "raw": 5}, "success": True, "duration": "PT1H0.125S", "extensions": {"x:y": None}},
    context={
        "registration": UUIDS[0],
        "instructor": {"objectType": "Group", "member": [AGENT, {"openid": "https://example.org/b"}]},
        "team": {"objectType": "Group", **AGENT},
        "contextActivities": {"parent": SITE, "category": [SITE]},
        "revision": "7",
        "platform": "Moodle",
        "language": "en-GB",
        "statement": {"objectType": "StatementRef", "id": UUIDS[1]},
        "extensions": {"x:y": {"z": [1, 2.50, None], "registration": UUIDS[1]}},
    },
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(("Agent", "Group", "Activity", "StatementRef", "SubStatement", "x:y", "en", "PT1S", *UUIDS))
    | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all values within a value."""
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from places(member, (*path, name))


GONE = object()


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with another value at a path, or without it."""
    if not path:
        return {} if new is GONE else new
    copy = dict(value) if isinstance(value, dict) else list(value)
    if new is GONE and len(path) == 1:
        del copy[path[0]]
    else:
        copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


one_change = st.builds(
    lambda path, new: changed(GOOD, path, new), st.sampled_from(list(places(GOOD))), values | st.just(GONE)
)
other_things = st.sampled_from(
    (
        {"objectType": "Activity", "id": "x:y"},
        {"objectType": "Agent", **AGENT},
        {"objectType": "Group", "member": [AGENT]},
        {"objectType": "StatementRef", "id": UUIDS[0]},
        {"objectType": "SubStatement", **{name: GOOD[name] for name in ("actor", "verb", "object")}},
    )
)
verbs = st.sampled_from(("x:did", "http://adlnet.gov/expapi/verbs/voided"))
other_object = st.builds(
    lambda thing, verb, left: {
        name: member for name, member in {**GOOD, "object": thing, "verb": {"id": verb}}.items() if name not in left
    },
    other_things,
    verbs,
    st.sets(st.sampled_from(("context", "id", "timestamp", "result"))),
)
statements = st.one_of(st.just(GOOD), one_change, other_object)
timestamps = st.datetimes(timezones=st.timezones() | st.none()).map(lambda at: at.isoformat())


def compared(incoming: Incoming) -> tuple[Any, ...]:
    """What must come out alike; the order of members in the JSON need not."""
    return (incoming.statement_id, incoming.name, incoming.stated, incoming.is_own_id, json.loads(incoming.body))


def check(content: bytes, *, is_version_2: bool) -> bool:
    """Assert the law of a request; whether it went the swift way."""
    swift = SWIFT[is_version_2].read(content, SENDER.source, msgspec.json.encode(AUTHORITY))
    if swift is None:
        return False
    long = READERS[is_version_2].read_whole(content, {}, AUTHORITY, Naming(SENDER.source, date(2026, 2, 1)))
    assert list(map(compared, swift)) == list(map(compared, long.incoming))
    return True


@given(st.lists(statements, max_size=3), st.booleans())
def test_the_two_ways_agree(batch: list[Any], is_version_2: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    """On all that the swift way takes; what the long way refuses, the swift way does not take."""
    check(json.dumps(batch, ensure_ascii=False).encode("utf-8", "replace"), is_version_2=is_version_2)


@given(one_change)
def test_a_statement_alone_is_as_one_of_a_batch(said: Any) -> None:
    """An object is taken as an array of one."""
    check(json.dumps(said).encode(), is_version_2=False)


@given(timestamps, st.sampled_from(("id", "version")))
def test_instants_are_one_however_they_are_written(timestamp: str, left: str) -> None:
    """Ids made of them, and what is compared, are the same on both ways."""
    said = {name: member for name, member in {**GOOD, "timestamp": timestamp}.items() if name != left}
    check(json.dumps(said).encode(), is_version_2=False)


durations = st.sampled_from(("PT1S", "PT2S", "PT1.234S", "PT1.239S", "P1W", "P", "pt1s", "", "PT1\\u0053"))
registrations = st.sampled_from((*UUIDS, "6c7b2a10-7b0d-4a37-8d2a-1f6f6b1f1a12", "x" * 36, "", "\\u0036c7b2a10"))


texts = st.tuples(durations, registrations)


@given(
    st.lists(st.tuples(texts, texts, st.sets(st.sampled_from(("before", "inside", "twice")))), min_size=1, max_size=4)
)
def test_a_text_that_differs_each_time_is_the_one_that_counts(
    said: list[tuple[tuple[str, str], tuple[str, str], set[str]]],
) -> None:
    """Also where the same text, or the same name, stands elsewhere in the member, before it or after it, or again."""
    for (duration, registration), (other, another), where in said:
        inside = f'"extensions":{{"x:y":{{"duration":"{other}","registration":"{another}"}}}}'
        result, context = [f'"duration":"{duration}"'], [f'"registration":"{registration}"']
        if "inside" in where:
            result, context = [*result, inside], [*context, inside]
        if "twice" in where:
            result, context = [*result, f'"duration":"{other}"'], [*context, f'"registration":"{another}"']
        if "before" in where:
            result, context = result[::-1], context[::-1]
        whole = json.dumps({name: GOOD[name] for name in ("actor", "verb", "object", "timestamp", "id")})
        text = f'{whole[:-1]},"result":{{{",".join(result)}}},"context":{{{",".join(context)}}}}}'
        try:
            check(text.encode(), is_version_2=False)
        except Rejected as refusal:
            pytest.fail(f"the swift way takes what the long way refuses: {refusal}")


@given(st.integers(0, 400), st.binary(max_size=3))
def test_bytes_that_are_no_json_are_left_to_the_long_way(place: int, spoilt: bytes) -> None:
    """Which refuses them; members whose bytes were seen before are no way around that."""
    whole = json.dumps(GOOD).encode()
    content = whole[:place] + spoilt + whole[place + 1 :]
    try:
        check(content, is_version_2=False)
    except Rejected as refusal:
        pytest.fail(f"the swift way takes what the long way refuses: {refusal}")


@pytest.mark.parametrize("left", [(), ("id",), ("timestamp",), ("id", "version", "result", "context")])
@pytest.mark.parametrize("is_version_2", [False, True])
def test_what_an_lms_sends_goes_the_swift_way(left: tuple[str, ...], *, is_version_2: bool) -> None:
    """So that the laws here are about something."""
    said = {name: member for name, member in GOOD.items() if name not in left}
    assert check(json.dumps([said]).encode(), is_version_2=is_version_2)


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_the_two_ways_agree_on_all_that_was_published(shared_fixtures: Path, version: str) -> None:
    """Each of ADL's samples, with an id or a time or as it is; many of the good ones go the swift way."""
    swift = 0
    lines = (shared_fixtures / f"xapi/conformance-{version}.jsonl").read_text("utf-8").splitlines()
    for line in lines:
        case = json.loads(line)
        for added in ({}, {"id": UUIDS[1]}, {"timestamp": "2026-02-01T10:30:00+01:00"}):
            said = {**added, **case["statement"]} if isinstance(case["statement"], dict) else case["statement"]
            went = check(json.dumps(said).encode(), is_version_2=version == "2.0.0")
            assert case["expect"] == 200 or not went
            swift += went
    assert swift > 300
