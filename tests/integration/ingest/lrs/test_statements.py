"""The Statement resource: sending, comparing, reading back, voiding (Communication 2.1)."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from services.runtime.keys import IssuedKey
from tests.builders.statements import VERBS, activity, statement
from tests.integration.ingest.harness import records_on
from tests.integration.ingest.lrs.conftest import Running, client_of

PATH = "/xAPI/statements"


def voiding(statement_id: str) -> dict[str, Any]:
    """A statement that voids another."""
    return statement(verb="voided", object={"objectType": "StatementRef", "id": statement_id})


async def ids_of(lrs: httpx2.AsyncClient, **parameters: Any) -> list[str]:
    """The ids on the first page."""
    answer = await lrs.get(PATH, params=parameters)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["statements"]]


async def test_ids_come_back_in_the_order_of_the_request_also_when_all_were_sent_before(
    lrs: httpx2.AsyncClient,
) -> None:
    """XAPI-00146: 200 and not 204; ids of the content where a statement brings none."""
    own = str(uuid4())
    batch = [statement(verb="attempted"), statement(id=own), statement(of_type="video")]
    first, again = [await lrs.post(PATH, json=batch) for _ in range(2)]
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert first.json()[1] == own
    assert len(set(first.json())) == 3
    assert sorted(await ids_of(lrs)) == sorted(first.json())


async def test_without_id_and_timestamp_a_retry_is_no_second_fact(lrs: httpx2.AsyncClient) -> None:
    """XAPI-00026: within a day; two of one request are two; and once voided, the same is said anew."""
    untimed = statement(timestamp=None)
    (first,), (again,) = [(await lrs.post(PATH, json=untimed)).json() for _ in range(2)]
    assert first == again
    assert (await lrs.post(PATH, json=[untimed, untimed])).json()[0] == first
    assert len(await ids_of(lrs)) == 2
    await lrs.post(PATH, json=voiding(first))
    (anew,) = (await lrs.post(PATH, json=untimed)).json()
    assert (await lrs.get(PATH, params={"statementId": anew})).json()["id"] == anew != first


async def test_a_statement_means_a_record(lrs: httpx2.AsyncClient, running: Running, source: IssuedKey) -> None:
    """Once, however often it is sent, and only where the verb and the type of the object say so."""
    own = str(uuid4())
    for _ in range(2):
        await lrs.post(PATH, json=[statement(id=own), statement(of_type="video", id=str(uuid4()))])
        await ids_of(lrs)
    records = [each["record_id"] for each in records_on(running.bootstrap, running.prefix)]
    assert records.count(own) == 1


async def test_what_the_store_sets(lrs: httpx2.AsyncClient, lrs_2: httpx2.AsyncClient) -> None:
    """XAPI-00023, 00097, 00099, 00101: stored, authority, version, and timestamp where none was given."""
    sent = statement(timestamp=None, stored="2011-07-15T00:00:00Z", authority={"mbox": "mailto:who@example.org"})
    (first,) = (await lrs.post(PATH, json=sent)).json()
    (second,) = (await lrs_2.post(PATH, json=statement(verb="attempted", timestamp=None))).json()
    found, in_2 = [(await lrs.get(PATH, params={"statementId": each})).json() for each in (first, second)]
    assert found["stored"] == found["timestamp"] != sent["stored"]
    assert abs(datetime.fromisoformat(found["stored"]).timestamp() - datetime.now(UTC).timestamp()) < 600
    assert found["authority"]["name"].startswith("source-")
    assert (found["version"], in_2["version"]) == ("1.0.0", "2.0.0")


async def test_a_statement_never_changes(lrs: httpx2.AsyncClient, other_gateway: httpx2.AsyncClient) -> None:
    """XAPI-00142: 409 for another body under the id, on every gateway; the first stays."""
    own = str(uuid4())
    assert (await lrs.put(PATH, params={"statementId": own}, json=statement())).status_code == 204
    for gateway in (lrs, other_gateway):
        answers = [
            await gateway.put(PATH, params={"statementId": own}, json=statement()),
            await gateway.put(PATH, params={"statementId": own}, json=statement(verb="failed")),
            await gateway.post(PATH, json=[statement(id=own, timestamp="2026-02-01T10:30:00+01:00")]),
            await gateway.post(PATH, json=[statement(id=own, verb="failed"), statement(verb="attempted")]),
        ]
        assert [each.status_code for each in answers] == [204, 409, 200, 409]
        assert await ids_of(gateway) == [own]
    assert (await lrs.get(PATH, params={"statementId": own})).json()["verb"] == {"id": VERBS + "completed"}


async def test_a_statement_sent_back_as_it_was_read_is_the_same(lrs: httpx2.AsyncClient) -> None:
    """Data 2.3.1: what the store added says nothing else."""
    own = str(uuid4())
    await lrs.post(PATH, json=statement(id=own, timestamp=None))
    found = (await lrs.get(PATH, params={"statementId": own})).json()
    assert (await lrs.post(PATH, json=found)).status_code == 200


async def test_of_many_who_say_different_things_under_one_id_one_is_taken(
    lrs: httpx2.AsyncClient, other_gateway: httpx2.AsyncClient
) -> None:
    """At once and over two gateways: one body is taken, each answer tells the truth, nothing of the others is kept."""
    for _ in range(3):
        own = str(uuid4())
        bodies = [statement(id=own, result={"score": {"raw": number}}) for number in range(8)]
        extra = [statement(id=str(uuid4()), verb="attempted") for _ in bodies]
        gateways = (lrs, other_gateway)
        answers = await asyncio.gather(
            *(
                gateways[n % 2].post(PATH, json=[body, more])
                for n, (body, more) in enumerate(zip(bodies, extra, strict=True))
            )
        )
        assert sorted(each.status_code for each in answers) == [200] + [409] * 7
        (taken,) = [number for number, each in enumerate(answers) if each.status_code == 200]
        found = (await other_gateway.get(PATH, params={"statementId": own})).json()
        assert found["result"]["score"]["raw"] == taken
        for number, more in enumerate(extra):
            answer = await lrs.get(PATH, params={"statementId": more["id"]})
            assert answer.status_code == (200 if number == taken else 404)


async def test_one_faulty_statement_refuses_all(lrs: httpx2.AsyncClient) -> None:
    """XAPI-00326, XAPI-00182: 400 with index and pointer, and no trace."""
    own = str(uuid4())
    answer = await lrs.post(PATH, json=[statement(id=own), statement(verb="not an iri", actor={"mbox": "ana"})])
    assert answer.status_code == 400
    assert [(each["index"], each["pointer"]) for each in answer.json()["errors"]] == [(1, "/actor/mbox")]
    assert (await lrs.get(PATH, params={"statementId": own})).status_code == 404


@pytest.mark.parametrize(
    "statement_id,status", [("6C7B2A10-7b0d-4a37-8d2a-1f6f6b1f1a11", 204), ("true", 400), ("", 400)]
)
async def test_put_needs_an_id(lrs: httpx2.AsyncClient, statement_id: str, status: int) -> None:
    """XAPI-00144, XAPI-00145; another id in the body is refused, too."""
    answer = await lrs.put(PATH, params={"statementId": statement_id}, json=statement())
    other = await lrs.put(PATH, params={"statementId": statement_id}, json=statement(id=str(uuid4())))
    missing = await lrs.put(PATH, json=statement())
    assert (answer.status_code, other.status_code, missing.status_code) == (status, 400, 400)


async def test_whoever_was_told_taken_reads_it(lrs: httpx2.AsyncClient, other_gateway: httpx2.AsyncClient) -> None:
    """XAPI-00152, XAPI-00160: at once on the same gateway; elsewhere as soon as Consistent-Through passes `stored`."""
    for _ in range(5):
        (sent,) = (await lrs.post(PATH, json=statement(timestamp=None))).json()
        answer = await lrs.get(PATH, params={"statementId": sent})
        through = datetime.fromisoformat(answer.headers["x-experience-api-consistent-through"])
        stored = datetime.fromisoformat(answer.json()["stored"])
        assert stored <= through
        while through <= stored or sent not in await ids_of(other_gateway):
            answer = await other_gateway.get(PATH)
            through = datetime.fromisoformat(answer.headers["x-experience-api-consistent-through"])
            if through >= stored:
                assert sent in [each["id"] for each in answer.json()["statements"]]
                break


async def test_filters_match_as_they_say(lrs: httpx2.AsyncClient) -> None:
    """XAPI-00164, 00174 to 00181: each alone and together."""
    registration, other = str(uuid4()), {"mbox": "mailto:b@example.org"}
    course = activity(id="https://lms.example.org/course/9")
    batch = [
        statement(id=str(uuid4()), context={"registration": registration}),
        statement(id=str(uuid4()), actor=other, verb="failed", context={"instructor": statement()["actor"]}),
        statement(id=str(uuid4()), object=course, context={"contextActivities": {"parent": activity()}}),
        statement(id=str(uuid4()), actor={"objectType": "Group", "member": [other]}),
    ]
    a, b, c, d = [each["id"] for each in batch]
    for each in batch:
        await lrs.post(PATH, json=each)
    ana = json.dumps(statement()["actor"])
    assert await ids_of(lrs) == [d, c, b, a]
    assert await ids_of(lrs, ascending="true") == [a, b, c, d]
    assert await ids_of(lrs, agent=ana) == [c, a]
    assert await ids_of(lrs, agent=ana, related_agents="true") == [c, b, a]
    assert await ids_of(lrs, agent=json.dumps(other)) == [d, b]
    assert await ids_of(lrs, verb=VERBS + "failed") == [b]
    assert await ids_of(lrs, activity=course["id"]) == [c]
    assert await ids_of(lrs, activity=activity()["id"]) == [d, b, a]
    assert await ids_of(lrs, activity=activity()["id"], related_activities="true") == [d, c, b, a]
    assert await ids_of(lrs, registration=registration.upper()) == [a]
    assert await ids_of(lrs, agent=ana, activity=course["id"], verb=VERBS + "completed") == [c]
    assert await ids_of(lrs, agent=ana, verb=VERBS + "failed") == []
    stored = (await lrs.get(PATH, params={"statementId": b})).json()["stored"]
    assert await ids_of(lrs, since=stored) == [d, c]
    assert await ids_of(lrs, until=stored) == [b, a]


async def test_pages_lead_on_to_the_end(lrs: httpx2.AsyncClient) -> None:
    """Data 2.5: `more` is relative, opaque, and empty on the last page; no statement twice, none left out."""
    await lrs.post(PATH, json=[statement(timestamp=None) for _ in range(7)])
    for ascending in ("true", "false"):
        answer = (await lrs.get(PATH, params={"limit": 3, "ascending": ascending})).json()
        found = answer["statements"]
        while answer["more"]:
            assert answer["more"].startswith(PATH)
            answer = (await lrs.get(answer["more"])).json()
            found += answer["statements"]
        instants = [each["stored"] for each in found]
        assert len(set(instants)) == 7
        assert instants == sorted(instants, reverse=ascending == "false")


async def test_a_voided_statement_is_found_only_as_voided(lrs: httpx2.AsyncClient) -> None:
    """XAPI-00018, 00155, 00163, in either order of arrival; XAPI-00016: what voids is never voided."""
    early, late = str(uuid4()), str(uuid4())
    await lrs.post(PATH, json=voiding(late))
    await lrs.post(PATH, json=[statement(id=early), statement(id=late, verb="failed")])
    (void,) = (await lrs.post(PATH, json=voiding(early))).json()
    await lrs.post(PATH, json=voiding(void))
    for each in (early, late):
        assert (await lrs.get(PATH, params={"statementId": each})).status_code == 404
        assert (await lrs.get(PATH, params={"voidedStatementId": each})).json()["id"] == each
    assert (await lrs.get(PATH, params={"statementId": void})).status_code == 200
    assert (await lrs.get(PATH, params={"voidedStatementId": void})).status_code == 404
    assert not {early, late} & set(await ids_of(lrs))


async def test_who_refers_to_a_match_matches(lrs: httpx2.AsyncClient) -> None:
    """XAPI-00162: over any number of steps, and also when the match itself is voided."""
    target, middle = str(uuid4()), str(uuid4())
    reference = {"objectType": "StatementRef", "id": target}
    await lrs.post(PATH, json=statement(id=target, verb="earned"))
    await lrs.post(PATH, json=statement(id=middle, object=reference))
    (far,) = (await lrs.post(PATH, json=statement(object={**reference, "id": middle}))).json()
    (void,) = (await lrs.post(PATH, json=voiding(target))).json()
    assert await ids_of(lrs, verb=VERBS + "earned") == [void, far, middle]
    assert await ids_of(lrs, verb=VERBS + "earned", limit=1) == [void]


@pytest.mark.parametrize(
    "query",
    [
        "foo=bar",
        "LIMIT=1",
        "StatementId=6c7b2a10-7b0d-4a37-8d2a-1f6f6b1f1a11",
        "statementId=wrong",
        "voidedStatementId=wrong",
        "agent=wrong",
        "agent=%7B%22name%22%3A%22x%22%7D",
        "verb=no.iri/verb",
        "activity=no.iri/activity",
        "registration=wrong",
        "since=yesterday",
        "until=2026-01-01T00:00:00-00:00",
        "limit=-1",
        "limit=some",
        "format=all",
        "ascending=yes",
        "limit=1&limit=2",
        *(
            f"{name}=6c7b2a10-7b0d-4a37-8d2a-1f6f6b1f1a11&{other}"
            for name in ("statementId", "voidedStatementId")
            for other in ("limit=1", "ascending=true", "verb=x:y", "since=2026-01-01T00:00:00Z", "related_agents=true")
        ),
    ],
)
async def test_what_is_no_question_is_refused(lrs: httpx2.AsyncClient, query: str) -> None:
    """XAPI-00012, 00150, 00151, 00324, 00325; the answer says through when, too (XAPI-00153)."""
    answer = await lrs.get(f"{PATH}?{query}")
    assert answer.status_code == 400
    assert answer.headers["x-experience-api-consistent-through"].endswith("Z")


async def test_formats(lrs: httpx2.AsyncClient) -> None:
    """XAPI-00168 to 00172: exact as sent, ids bare, canonical in one language with what is known of activities."""
    named = {**activity(), "definition": {"name": {"en-GB": "course", "en-US": "class"}}}
    verb = {"id": VERBS + "completed", "display": {"en-GB": "a", "en-US": "b"}}
    sent = {**statement(object=named), "verb": verb, "id": str(uuid4())}
    sent["context"] = {"contextActivities": {"parent": activity(id="https://lms.example.org/site")}}
    await lrs.post(PATH, json=sent)

    async def found(**parameters: str) -> dict[str, Any]:
        headers = {"Accept-Language": "en-US;q=0.5, en-GB"}
        answer = await lrs.get(PATH, params={"statementId": sent["id"], **parameters}, headers=headers)
        assert "last-modified" in answer.headers
        made: dict[str, Any] = answer.json()
        return made

    exact, ids, canonical = await found(), await found(format="ids"), await found(format="canonical")
    assert {name: exact[name] for name in ("actor", "verb", "object")} == {
        name: sent[name] for name in ("actor", "verb", "object")
    }
    assert exact["context"]["contextActivities"]["parent"] == [sent["context"]["contextActivities"]["parent"]]
    assert (ids["verb"], ids["object"]) == ({"id": verb["id"]}, {"id": named["id"]})
    assert canonical["verb"]["display"] == {"en-GB": "a"}
    assert canonical["object"]["definition"]["name"] == {"en-GB": "course"}


async def test_head_answers_as_get_does_but_for_the_body(lrs: httpx2.AsyncClient) -> None:
    """XAPI-00125, XAPI-00126."""
    for path in (PATH, "/xAPI/about", "/xAPI/activities?activityId=x:y"):
        head, got = await lrs.head(path), await lrs.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == got.headers["content-length"]


async def test_sources_never_see_each_others_statements(lrs: httpx2.AsyncClient, running: Running) -> None:
    """Nor collide with them: the same id may be used by two."""
    own = str(uuid4())
    await lrs.post(PATH, json=statement(id=own))
    async with client_of(running.gateways[0], running.key("someone else")) as other:
        assert (await other.get(PATH, params={"statementId": own})).status_code == 404
        assert (await other.post(PATH, json=statement(id=own, verb="failed"))).status_code == 200
        assert await ids_of(other, verb=VERBS + "failed") == [own]
        await other.post(PATH, json=voiding(own))
    assert await ids_of(lrs) == [own]


async def test_scopes_say_what_a_key_may(running: Running) -> None:
    """XAPI-00327: 403 for reading with a key that writes, and for writing with one that reads."""
    owner = f"source-{uuid4().hex[:12]}"
    async with (
        client_of(running.gateways[0], running.key(owner, "statements/write")) as writer,
        client_of(running.gateways[0], running.key(owner, "statements/read")) as reader,
    ):
        (sent,) = (await writer.post(PATH, json=statement())).json()
        assert (await writer.get(PATH)).status_code == 403
        assert (await reader.post(PATH, json=statement())).status_code == 403
        assert await ids_of(reader) == [sent]
        assert (
            await reader.get("/xAPI/agents/profile", params={"agent": '{"mbox":"mailto:a@b.c"}'})
        ).status_code == 403


async def test_mine_is_what_was_sent_with_the_same_credential(running: Running) -> None:
    """Communication 4.2: statements/read/mine sees its own, alone, filtered, by reference and page by page."""
    owner = f"source-{uuid4().hex[:12]}"
    async with (
        client_of(running.gateways[0], running.key(owner)) as other,
        client_of(running.gateways[0], running.key(owner, "statements/write", "statements/read/mine")) as mine,
        client_of(running.gateways[0], running.key(owner, "statements/read")) as reader,
    ):
        own = [(await mine.post(PATH, json=statement(id=str(uuid4())))).json()[0] for _ in range(3)]
        (theirs,) = (await other.post(PATH, json=statement(id=str(uuid4())))).json()
        reference = statement(object={"objectType": "StatementRef", "id": own[0]}, id=str(uuid4()))
        (referring,) = (await other.post(PATH, json=reference)).json()
        assert sorted(await ids_of(reader)) == sorted([*own, theirs, referring])
        assert sorted(await ids_of(reader, activity=activity()["id"])) == sorted([*own, theirs, referring])
        assert await ids_of(mine) == own[::-1]
        assert await ids_of(mine, activity=activity()["id"]) == own[::-1]
        assert (await mine.get(PATH, params={"statementId": own[0]})).status_code == 200
        assert (await mine.get(PATH, params={"statementId": theirs})).status_code == 404
        page = (await mine.get(PATH, params={"limit": 2})).json()
        assert [each["id"] for each in (await mine.get(page["more"])).json()["statements"]] == own[:1]


async def test_who_may_not_define_teaches_nothing(running: Running) -> None:
    """Communication 4.2: the statement stays as it was sent, the activity as it was known."""
    owner = f"source-{uuid4().hex[:12]}"
    named = {**activity(id="https://lms.example.org/course/1"), "definition": {"name": {"en": "Networks"}}}
    async with (
        client_of(running.gateways[0], running.key(owner)) as reader,
        client_of(running.gateways[0], running.key(owner, "statements/write")) as writer,
        client_of(running.gateways[0], running.key(owner, "statements/write", "define")) as defining,
    ):
        (sent,) = (await writer.post(PATH, json=statement(object=named))).json()
        assert (await reader.get(PATH, params={"statementId": sent})).json()["object"] == named
        where = {"activityId": named["id"]}
        assert "definition" not in (await reader.get("/xAPI/activities", params=where)).json()
        await defining.post(PATH, json=statement(object=named, timestamp="2026-02-02T09:30:00Z"))
        assert (await reader.get("/xAPI/activities", params=where)).json() == {"objectType": "Activity", **named}


async def test_a_request_without_a_version_is_answered_in_the_one_spoken_last(
    running: Running, source: IssuedKey, lrs: httpx2.AsyncClient, lrs_2: httpx2.AsyncClient
) -> None:
    """XAPI-00331, XAPI-00333: 400, in a version that the client understands."""
    for client, version in ((lrs, "1.0.3"), (lrs_2, "2.0.0")):
        assert (await client.get(PATH)).headers["x-experience-api-version"] == version
        async with httpx2.AsyncClient(auth=(source.key, source.secret)) as silent:
            answer = await silent.get(running.gateways[0] + PATH)
        assert (answer.status_code, answer.headers["x-experience-api-version"]) == (400, version)
