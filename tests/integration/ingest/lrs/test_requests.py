"""Attachments, signatures, and the alternate request syntax (Communication 1.3, 1.5; Data 2.4.11, 2.6)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey

from services.ingest.lrs.signatures import USAGE
from tests.builders.statements import statement

PATH = "/xAPI/statements"
BOUNDARY = "-------314159265358979323846"
TYPE = {"Content-Type": f"multipart/mixed; boundary={BOUNDARY}"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TEXT = b"here is a simple attachment"
DIGEST = sha256(TEXT).hexdigest()


def attachment(data: bytes = TEXT, **members: Any) -> dict[str, Any]:
    """The description of an attachment."""
    described = {
        "usageType": "https://example.org/usage",
        "display": {"en": "a file"},
        "contentType": "text/plain",
        "length": len(data),
        "sha2": sha256(data).hexdigest(),
    }
    return {**described, **members}


def part(content: bytes, headers: Mapping[str, str]) -> bytes:
    """One part."""
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n" + content


def body(*parts: bytes) -> bytes:
    """Parts between boundaries."""
    opening = f"--{BOUNDARY}\r\n".encode()
    return b"".join(opening + each + b"\r\n" for each in parts) + f"--{BOUNDARY}--\r\n".encode()


def statements_part(*statements: dict[str, Any], kind: str = "application/json") -> bytes:
    """The first part."""
    return part(json.dumps(list(statements)).encode(), {"Content-Type": kind})


def data_part(data: bytes = TEXT, **changes: str) -> bytes:
    """A part with data."""
    headers = {
        "Content-Type": "text/plain",
        "Content-Transfer-Encoding": "binary",
        "X-Experience-API-Hash": sha256(data).hexdigest(),
    }
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    return part(data, {name: value for name, value in {**headers, **named}.items() if value})


async def test_attachments_come_back_when_asked_for(lrs: httpx2.AsyncClient) -> None:
    """XAPI-00161, XAPI-00167: multipart/mixed with attachments=true, plain JSON without."""
    sent = body(statements_part(statement(attachments=[attachment()])), data_part())
    (own,) = (await lrs.post(PATH, content=sent, headers=TYPE)).json()
    for parameters in ({"statementId": own}, {}):
        plain = await lrs.get(PATH, params={**parameters, "attachments": "false"})
        assert plain.headers["content-type"].startswith("application/json")
        whole = await lrs.get(PATH, params={**parameters, "attachments": "true"})
        assert whole.headers["content-type"].startswith("multipart/mixed; boundary=")
        assert b"\r\n\r\n" + TEXT + b"\r\n" in whole.content
        assert f"X-Experience-API-Hash: {DIGEST}".encode() in whole.content


async def test_what_is_elsewhere_needs_no_data(lrs: httpx2.AsyncClient) -> None:
    """XAPI-00127: a fileUrl, as JSON or multipart; and multipart without any attachment."""
    elsewhere = statement(attachments=[attachment(fileUrl="https://example.org/file.txt")])
    assert (await lrs.post(PATH, json=elsewhere)).status_code == 200
    for each in (elsewhere, statement()):
        assert (await lrs.post(PATH, content=body(statements_part(each)), headers=TYPE)).status_code == 200


FAULTY = {
    "XAPI-00128 data that is not described": body(statements_part(statement()), data_part()),
    "XAPI-00129 data missing": body(statements_part(statement(attachments=[attachment()]))),
    "XAPI-00130 no boundary before the data": body(
        statements_part(statement(attachments=[attachment()])) + b"\r\n" + data_part()
    ),
    "XAPI-00131 no boundary at first": statements_part(statement()) + b"\r\n" + body(data_part()),
    "XAPI-00132 no hash": body(
        statements_part(statement(attachments=[attachment()])), data_part(X_Experience_API_Hash="")
    ),
    "XAPI-00132 another hash": body(
        statements_part(statement(attachments=[attachment()])), data_part(X_Experience_API_Hash="0" * 64)
    ),
    "XAPI-00133 statements in two parts": body(statements_part(statement()), statements_part(statement())),
    "XAPI-00134 first part no JSON": body(statements_part(statement(), kind="text/plain")),
    "XAPI-00135 another encoding": body(
        statements_part(statement(attachments=[attachment()])), data_part(Content_Transfer_Encoding="base64")
    ),
    "Data 2.4.11 other data than its hash says": body(
        statements_part(statement(attachments=[attachment()])), data_part(b"tampered", X_Experience_API_Hash=DIGEST)
    ),
    "nothing": b"",
}


@pytest.mark.parametrize("sent", FAULTY.values(), ids=FAULTY.keys())
async def test_faulty_parts_are_refused(lrs: httpx2.AsyncClient, sent: bytes) -> None:
    """400, whatever is wrong with the parts."""
    assert (await lrs.post(PATH, content=sent, headers=TYPE)).status_code == 400


@pytest.mark.parametrize("kind", ["multipart/mixed", f"multipart/form-data; boundary={BOUNDARY}", "text/plain"])
async def test_other_types_are_refused(lrs: httpx2.AsyncClient, kind: str) -> None:
    """XAPI-00127, XAPI-00130: 400 and not 415."""
    sent = body(statements_part(statement()))
    assert (await lrs.post(PATH, content=sent, headers={"Content-Type": kind})).status_code == 400


KEY = RSAKey.generate_key(2048)


def signed(said: dict[str, Any], *, algorithm: str = "RS256", payload: bytes | None = None, **members: str) -> bytes:
    """A request with a statement and its signature."""
    key = KEY if algorithm.startswith("RS") else OctKey.generate_key(256)
    content = json.dumps(said).encode() if payload is None else payload
    signature = jws.serialize_compact({"alg": algorithm}, content, key, algorithms=[algorithm]).encode()
    described = attachment(signature, usageType=USAGE, contentType="application/octet-stream")
    described.update(members)
    return body(statements_part({**said, "attachments": [described]}), data_part(signature))


async def test_a_signature_must_say_what_the_statement_says(lrs: httpx2.AsyncClient) -> None:
    """Data 2.6: 400 for another type, algorithm, payload, or statement; 200 for a good one."""
    said = statement(id=str(uuid4()))
    requests = [
        signed(said),
        signed(said, contentType="text/plain"),
        signed(said, algorithm="HS256"),
        signed(said, payload=b"{'actor'}"),
        signed(said, payload=json.dumps(statement(verb="failed")).encode()),
    ]
    answers = [await lrs.post(PATH, content=each, headers=TYPE) for each in requests]
    assert [each.status_code for each in answers] == [200, 400, 400, 400, 400]


async def test_a_signed_duration_counts_up_to_hundredths(lrs_2: httpx2.AsyncClient) -> None:
    """IEEE 9274.1.1 4.2.7: the statement may be more exact than what was signed."""
    said = statement(id=str(uuid4()), result={"duration": "P1DT12H36M0.12S"})
    sent = signed(said).replace(b"M0.12S", b"M0.1237S")
    assert (await lrs_2.post(PATH, content=sent, headers=TYPE)).status_code == 200


async def test_about_names_the_versions_that_a_client_may_know(
    lrs: httpx2.AsyncClient, lrs_2: httpx2.AsyncClient
) -> None:
    """XAPI-00315 to 00318: 1.0.x knows no 2.0.0; whoever says no version hears of both."""
    assert (await lrs.get("/xAPI/about")).json() == {"version": ["1.0.3"]}
    assert (await lrs_2.get("/xAPI/about")).json() == {"version": ["1.0.3", "2.0.0"]}
    async with httpx2.AsyncClient() as silent:
        answer = await silent.get(f"{lrs.base_url}/xAPI/about")
    assert (answer.status_code, answer.json()) == (200, {"version": ["1.0.3", "2.0.0"]})


async def test_a_form_stands_for_a_request(lrs: httpx2.AsyncClient, lrs_2: httpx2.AsyncClient) -> None:
    """XAPI-00148, XAPI-00336: in 1.0.3, with headers among the fields; 2.0 has no such thing."""
    authorization = lrs.build_request("GET", "/").headers.get("authorization")
    fields = {"statementId": str(uuid4()), "content": json.dumps(statement())}
    assert (await lrs.post(f"{PATH}?method=PUT", data=fields)).status_code == 204
    found = await lrs.post(f"{PATH}?method=GET", data={"limit": "1"})
    assert [each["id"] for each in found.json()["statements"]] == [fields["statementId"]]
    assert authorization is None or authorization.startswith("Basic")
    refused = [
        await lrs.post(f"{PATH}?method=PUT", data={**fields, "X-Experience-API-Version": "0.8"}),
        await lrs.post(f"{PATH}?method=PUT&statementId={uuid4()}", data=fields),
        await lrs.post(f"{PATH}?method=PUT", data={"statementId": str(uuid4())}),
        await lrs.post(f"{PATH}?method=PUT", content=json.dumps(fields), headers=FORM),
        await lrs.post(f"{PATH}?method=PUT"),
        await lrs.post(f"{PATH}?method=BREW", data=fields),
        await lrs.put(f"{PATH}?method=POST", data=fields),
        await lrs_2.post(f"{PATH}?method=PUT", data=fields),
    ]
    assert [each.status_code for each in refused] == [400] * len(refused)
