"""The document resources: State, Agent Profile, Activity Profile (Communication 2.2, 2.3, 2.6, 2.7, 3.1)."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

import httpx2
import pytest

AGENT = json.dumps({"account": {"homePage": "https://lms.example.org", "name": "ana"}})
ACTIVITY = "https://lms.example.org/course/7"
PLACES = {
    "/xAPI/activities/state": ("stateId", {"activityId": ACTIVITY, "agent": AGENT}),
    "/xAPI/activities/profile": ("profileId", {"activityId": ACTIVITY}),
    "/xAPI/agents/profile": ("profileId", {"agent": AGENT}),
}
each_resource = pytest.mark.parametrize("path", PLACES)


def place(path: str) -> dict[str, str]:
    """The parameters of a document that there is not yet."""
    name, others = PLACES[path]
    return {**others, name: str(uuid4())}


@each_resource
async def test_a_document_is_put_read_and_deleted(lrs: httpx2.AsyncClient, path: str) -> None:
    """XAPI-00187 to 00192, 00285 to 00293: 204 and 200, its type and bytes as they were, then 404."""
    where, headers = place(path), {"Content-Type": "application/octet-stream", "If-None-Match": "*"}
    assert (await lrs.get(path, params=where)).status_code == 404
    assert (await lrs.put(path, params=where, content=b"\x00\xff", headers=headers)).status_code == 204
    found = await lrs.get(path, params=where)
    assert (found.content, found.headers["content-type"]) == (b"\x00\xff", "application/octet-stream")
    assert "last-modified" in found.headers
    assert (await lrs.delete(path, params=where)).status_code == 204
    assert (await lrs.get(path, params=where)).status_code == 404
    assert (await lrs.delete(path, params=where)).status_code == 204


@each_resource
async def test_json_documents_merge_one_level_deep(lrs: httpx2.AsyncClient, path: str) -> None:
    """XAPI-00183, 00184, 00234: what is posted replaces members of the same name, whole."""
    where = place(path)
    await lrs.post(path, params=where, json={"car": {"make": "Ford", "model": "Escape"}, "driver": "Dale"})
    await lrs.post(path, params=where, json={"car": {"make": "Dodge"}})
    assert (await lrs.get(path, params=where)).json() == {"car": {"make": "Dodge"}, "driver": "Dale"}


@each_resource
async def test_what_cannot_merge_changes_nothing(lrs: httpx2.AsyncClient, path: str) -> None:
    """XAPI-00229, 00232: 400 where either is no JSON object."""
    where = place(path)
    await lrs.post(path, params=where, json={"a": 1})
    for content, kind in ((b"abc", "text/plain"), (b"{", "application/json"), (b"[]", "application/json")):
        answer = await lrs.post(path, params=where, content=content, headers={"Content-Type": kind})
        assert answer.status_code == 400
    assert (await lrs.get(path, params=where)).json() == {"a": 1}


@each_resource
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
async def test_a_change_needs_the_etag_that_it_names(lrs: httpx2.AsyncClient, path: str, method: str) -> None:
    """XAPI-00322: 412 with another ETag and no change; 204 with the right one."""
    where = place(path)
    await lrs.post(path, params=where, json={"a": 1})
    etag = (await lrs.get(path, params=where)).headers["etag"]
    assert len(etag.strip('"')) == 40

    async def change(tag: str) -> int:
        content = None if method == "DELETE" else {"a": 2}
        return (await lrs.request(method, path, params=where, json=content, headers={"If-Match": tag})).status_code

    assert await change('"1111111111111111111111111111111111111111"') == 412
    assert (await lrs.get(path, params=where)).json() == {"a": 1}
    assert await change(etag) == 204


@each_resource
async def test_putting_over_a_document_needs_to_say_so(
    lrs: httpx2.AsyncClient, lrs_2: httpx2.AsyncClient, path: str
) -> None:
    """XAPI-00322: 409 with a sentence; states may be replaced without ado in 1.0.3, and not in 2.0."""
    where = place(path)
    await lrs.post(path, params=where, json={"a": 1})
    answers = [await client.put(path, params=where, json={"a": 2}) for client in (lrs_2, lrs)]
    assert [each.status_code for each in answers] == [409, 204 if path.endswith("state") else 409]
    assert "If-Match" in answers[0].text
    assert (await lrs.put(path, params=where, json={}, headers={"If-None-Match": "*"})).status_code == 412


@each_resource
async def test_putting_a_new_document_needs_to_say_so_of_profiles(
    lrs: httpx2.AsyncClient, lrs_2: httpx2.AsyncClient, path: str
) -> None:
    """XAPI-00273, XAPI-00287: 400 in 1.0.3 without an ETag header; 2.0 asks for one only to replace."""
    where = place(path)
    assert (await lrs.put(path, params=where, json={})).status_code == (204 if path.endswith("state") else 400)
    assert (await lrs_2.put(path, params=place(path), json={})).status_code == 204


@each_resource
async def test_ids_are_listed(lrs: httpx2.AsyncClient, path: str) -> None:
    """XAPI-00193, 00195, 00289, 00294: all of them, or those changed since."""
    name, others = PLACES[path]
    where = place(path)
    await lrs.post(path, params=where, json={})
    assert (await lrs.get(path, params=others)).json() == [where[name]]
    assert (await lrs.get(path, params={**others, "since": "2020-01-01T00:00:00Z"})).json() == [where[name]]
    assert (await lrs.get(path, params={**others, "since": "2099-01-01T00:00:00Z"})).json() == []
    assert (await lrs.get(path, params={**others, "since": "soon"})).status_code == 400


async def test_all_states_are_deleted_at_once(lrs: httpx2.AsyncClient) -> None:
    """XAPI-00194: those of one registration, or all."""
    path = "/xAPI/activities/state"
    _, others = PLACES[path]
    registrations = [str(uuid4()) for _ in range(2)]
    for registration in registrations:
        await lrs.post(path, params={**place(path), "registration": registration}, json={})
    assert (await lrs.delete(path, params={**others, "registration": registrations[0]})).status_code == 204
    assert len((await lrs.get(path, params=others)).json()) == 1
    assert (await lrs.delete(path, params=others)).status_code == 204
    assert (await lrs.get(path, params=others)).json() == []


@each_resource
@pytest.mark.parametrize("method", ["PUT", "POST", "GET", "DELETE"])
async def test_parameters_are_needed_and_checked(lrs: httpx2.AsyncClient, path: str, method: str) -> None:
    """XAPI-00196 to 00218, 00295 to 00302: each missing, wrong, or unknown one is 400."""
    name, others = PLACES[path]
    whole = place(path)
    wrong: list[dict[str, Any]] = [{each: whole[each] for each in whole if each != left_out} for left_out in others]
    wrong += [{**whole, each: "not JSON, no IRI"} for each in others]
    wrong += [{**whole, "foo": "bar"}, {**whole, "registration": "x"}]
    wrong += [others] if method in ("PUT", "POST") else []
    for parameters in wrong:
        content = {"a": 1} if method in ("PUT", "POST") else None
        answer = await lrs.request(method, path, params=parameters, json=content)
        assert answer.status_code == 400, (name, parameters, answer.text)


async def test_no_change_of_many_at_once_is_lost(lrs: httpx2.AsyncClient, other_gateway: httpx2.AsyncClient) -> None:
    """Merging posts over two gateways: every member is there in the end; of conditional puts exactly one is taken."""
    path = "/xAPI/activities/profile"
    where = place(path)
    both = (lrs, other_gateway)
    answers = await asyncio.gather(*(both[n % 2].post(path, params=where, json={f"m{n}": n}) for n in range(4)))
    assert {each.status_code for each in answers} == {204}
    found = await lrs.get(path, params=where)
    assert found.json() == {f"m{n}": n for n in range(4)}
    tag = {"If-Match": found.headers["etag"]}
    answers = await asyncio.gather(*(both[n % 2].put(path, params=where, json={"n": n}, headers=tag) for n in range(4)))
    assert sorted(each.status_code for each in answers) == [204, 412, 412, 412]


async def test_agents_and_activities_are_known(lrs: httpx2.AsyncClient) -> None:
    """XAPI-00236 to 00254: a person of lists; an activity of all that was said about it."""
    agent = {"objectType": "Agent", "name": "Ana", "mbox": "mailto:ana@example.org"}
    answer = await lrs.get("/xAPI/agents", params={"agent": json.dumps(agent)})
    assert answer.json() == {"objectType": "Person", "name": ["Ana"], "mbox": ["mailto:ana@example.org"]}
    definitions = ({"name": {"en": "meeting"}, "type": "x:y"}, {"name": {"fr": "réunion"}})
    statements = [
        {"actor": agent, "verb": {"id": "x:did"}, "object": {"id": "x:meeting", "definition": definition}}
        for definition in definitions
    ]
    await lrs.post("/xAPI/statements", json=statements)
    known = (await lrs.get("/xAPI/activities", params={"activityId": "x:meeting"})).json()
    assert known["definition"] == {"name": {"en": "meeting", "fr": "réunion"}, "type": "x:y"}
    unknown = (await lrs.get("/xAPI/activities", params={"activityId": "x:never"})).json()
    assert unknown == {"objectType": "Activity", "id": "x:never"}
    for path in ("/xAPI/agents", "/xAPI/activities", "/xAPI/agents?agent={}", "/xAPI/activities?activityId=x"):
        assert (await lrs.get(path)).status_code == 400
