"""`/verify`: what is sent goes to the gateway as it is, and the gateway's answers come back in plain words."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from services.core.seals import Seal
from services.dashboard.bootstrap import wire
from services.dashboard.packing import packed
from services.dashboard.settings import Settings
from services.dashboard.web import make_app
from tests.builders.analytics import DAY, NOW, Tables, award, employment
from tests.builders.gateway import ANSWER, Gateway
from tests.builders.gateway import gateway as running_gateway
from tests.integration.dashboard.conftest import logged_in

CREDENTIAL = '{"name": "The <Badge>"}'


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """A gateway of the test's own."""
    with running_gateway() as made:
        yield made


def _open(tables: Tables, home: Path, **changes: Any) -> TestClient:
    settings = Settings(clickhouse=tables.url, database=tables.database, home=home, **changes)
    return TestClient(make_app(wire(settings)), follow_redirects=False)


@pytest.fixture
def anybody(tables: Tables, tmp_path: Path, gateway: Gateway) -> TestClient:
    """A visitor who is not logged in."""
    return _open(tables, tmp_path, ingest=gateway.address, verify_key="src.secret", verifications_per_minute=20)


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_whom_it_should_be_about_goes_along(anybody: TestClient, gateway: Gateway) -> None:
    """An address as an id, in a header and not in an address; nothing when nobody is named."""
    for named, sent in (("Zoë@college.example", "mailto:Zo%C3%AB@college.example"), ("did:key:z6Mk", "did:key:z6Mk")):
        anybody.post("/verify", data={"text": CREDENTIAL, "subject": named})
        path, headers, _ = gateway.asked[-1]
        assert (path, headers["stepwell-subject"]) == ("/v1/verify", sent)
    anybody.post("/verify", data={"text": CREDENTIAL})
    assert "stepwell-subject" not in gateway.asked[-1][1]


def test_what_is_within_a_transcript_is_told_apart(anybody: TestClient, gateway: Gateway) -> None:
    """Each credential in it with its own tier and its own refusals."""
    part = ANSWER | {"tier": 1, "credential": {"name": "Networks", "issuer_name": "The School"}}
    gateway.answer = ANSWER | {"parts": [part]}
    text = _text(anybody.post("/verify", data={"text": CREDENTIAL}).text)
    assert "1 credential, each checked on its own" in text
    assert "Networks, by The School 1" in text
    assert "Is it in force today? No: It ended on 1 May 2026." in text


def test_the_steps_are_told_in_plain_words(anybody: TestClient) -> None:
    """In their own order, each with its answer and reason; what is not known is said to be so; text is never markup."""
    page = anybody.post("/verify", data={"text": CREDENTIAL})
    text = _text(page.text)
    assert page.status_code == 200
    assert "The <Badge>" not in page.text
    assert "Issued by The College to urn:x:ann" in text
    assert "1 question answered yes, 1 no, 2 could not be answered." in text
    order = ("Is it unchanged since it was signed? Yes", "Is it still standing? Could not be answered")
    places = [text.index(told) for told in (*order, "Is it in force today? No", "Colour? Could not be answered")]
    assert places == sorted(places)
    assert "The status list did not answer." in text
    assert "2 Issuer's own key" in text.replace("&#39;", "'")


def test_what_is_sent_reaches_the_gateway_as_it_is(anybody: TestClient, gateway: Gateway) -> None:
    """Pasted text, a file, a picture; the kind is told by the content, not by its sender."""
    anybody.post("/verify", data={"text": f"  {CREDENTIAL}\n"})
    picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 50_000
    anybody.post("/verify", data={"text": ""}, files={"file": ("badge.json", picture, "application/json")})
    anybody.post("/verify", files={"file": ("b.svg", b"<svg xmlns='x'/>", "text/html")})
    assert [(path, headers["content-type"], body) for path, headers, body in gateway.asked] == [
        ("/v1/verify", "text/plain", CREDENTIAL.encode()),
        ("/v1/verify", "image/png", picture),
        ("/v1/verify", "image/svg+xml", b"<svg xmlns='x'/>"),
    ]
    assert gateway.asked[0][1]["authorization"] == "Bearer src.secret"


def test_a_link_holds_the_credential_and_checks_it_again(anybody: TestClient, gateway: Gateway) -> None:
    """Each time that it is opened; what has changed meanwhile is seen."""
    page = anybody.post("/verify", data={"text": CREDENTIAL}).text
    (link,) = re.findall(r'value="([^"]+/verify\?credential=[^"]+)"', page)
    gateway.answer = ANSWER | {"answers": {"status": {"answer": False, "code": "revoked", "detail": "Taken back."}}}
    again = anybody.get("/verify", params=parse_qs(urlsplit(link).query))
    assert "Is it still standing? No" in _text(again.text)
    assert gateway.asked[-1][2] == CREDENTIAL.encode()


def test_a_picture_is_shared_by_the_credential_that_was_found_in_it(anybody: TestClient, gateway: Gateway) -> None:
    """And not at all when the gateway does not tell it."""
    picture = {"file": ("b.png", b"\x89PNG rest", "image/png")}
    assert "too large for a link" in anybody.post("/verify", files=picture).text
    gateway.answer = ANSWER | {"document": CREDENTIAL}
    assert f"credential={packed(CREDENTIAL.encode())}" in anybody.post("/verify", files=picture).text


@pytest.mark.parametrize("link", ["!!", "AAAA", "x" * 5000])
def test_a_broken_link_is_refused(anybody: TestClient, link: str) -> None:
    """With a sentence; the gateway is not asked."""
    answer = anybody.get("/verify", params={"credential": link})
    assert answer.status_code == 400
    assert "not whole" in _text(answer.text)


@pytest.mark.parametrize(
    "status, answer, told, shown",
    [
        (400, {"detail": "Two members are called id."}, "Two members are called id.", 400),
        (413, {"detail": "Too large."}, "Too large.", 400),
        (503, {}, "does not answer just now", 503),
        (401, {}, "does not answer just now", 503),
        (200, [], "does not answer just now", 503),
    ],
)
def test_what_goes_wrong_is_said_on_the_page(
    anybody: TestClient, gateway: Gateway, status: int, answer: Any, told: str, shown: int
) -> None:
    """The document's fault with the gateway's words; anything else as a thing that passes."""
    gateway.status, gateway.answer = status, answer
    page = anybody.post("/verify", data={"text": "x"})
    assert (page.status_code, told in page.text) == (shown, True)


def test_nothing_is_no_credential(anybody: TestClient, gateway: Gateway) -> None:
    """An empty form asks nobody."""
    page = anybody.post("/verify", data={"text": "  "})
    assert (page.status_code, gateway.asked) == (400, [])
    assert "Paste a credential" in page.text


def test_one_address_may_ask_so_often(tables: Tables, tmp_path: Path, gateway: Gateway) -> None:
    """And looking at the form costs nothing."""
    client = _open(tables, tmp_path, ingest=gateway.address, verifications_per_minute=2)
    answers = [client.post("/verify", data={"text": "x"}).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    assert client.get("/verify").status_code == 200


def test_another_sites_form_is_refused(anybody: TestClient, gateway: Gateway) -> None:
    """It could make visitors ask for it."""
    answer = anybody.post("/verify", data={"text": "x"}, headers={"sec-fetch-site": "cross-site"})
    assert (answer.status_code, gateway.asked) == (403, [])


def test_without_a_gateway_the_page_says_so(tables: Tables, tmp_path: Path) -> None:
    """And still opens."""
    client = _open(tables, tmp_path)
    assert "has no verifier" in client.get("/verify").text
    assert client.post("/verify", data={"text": "x"}).status_code == 503


def test_an_employer_makes_a_link_to_what_a_worker_of_its_own_holds(tables: Tables, tmp_path: Path) -> None:
    """To nothing else, and none while there is no secret for it; nothing of the employer is in it."""
    digest = f"sha-256:{'1' * 64}"
    tables.put("employments", employment("ann"), employment("bob", "other"))
    tables.put("awards", award("ann", "a", award_id="x"))
    tables.put("records", _with_evidence("ann", digest), _with_evidence("bob", "sha-256:2"))
    acme = logged_in(_open(tables, tmp_path, link_secret="s" * 32), tables, "acme")
    made = acme.get(f"/credentials/{digest}", params={"worker_id": "ann"})
    assert made.status_code == 303
    sealed = Seal("s" * 32).open(made.headers["location"].removeprefix("/verify/"), datetime.now(UTC))
    assert sealed is not None
    assert sealed.what == digest
    assert f"/credentials/{digest}?worker_id=ann" in acme.get("/workers/ann").text
    for one, worker in ((digest, "bob"), ("sha-256:2", "bob"), ("sha-256:2", "ann")):
        assert acme.get(f"/credentials/{one}", params={"worker_id": worker}).status_code == 404
    plain = logged_in(_open(tables, tmp_path), tables, "acme")
    assert plain.get(f"/credentials/{digest}", params={"worker_id": "ann"}).status_code == 404
    assert "/credentials/" not in plain.get("/workers/ann").text


def test_whoever_has_a_link_has_the_credential_checked(anybody: TestClient, gateway: Gateway) -> None:
    """Without logging in: the gateway opens the link; the page's address is what to pass on."""
    gateway.answer = ANSWER | {"document": "", "link_ends_at": "2026-07-01T00:00:00Z"}
    page = anybody.get("/verify/abc=.def")
    assert gateway.asked[-1][0] == "/v1/verify/abc%3D.def"
    assert "Is it unchanged since it was signed? Yes" in _text(page.text)
    assert "It ends on 1 Jul 2026, or when the credential is erased." in _text(page.text)
    assert 'value="http://testserver/verify/abc=.def"' in page.text
    gateway.status = 404
    gone = anybody.get("/verify/abc=.def")
    assert (gone.status_code, "not kept any more" in gone.text) == (404, True)


def _with_evidence(worker_id: str, digest: str) -> dict[str, Any]:
    return {
        "record_id": str(uuid.uuid5(uuid.NAMESPACE_OID, worker_id)),
        "worker_id": worker_id,
        "kind": "award",
        "achievement_id": "a",
        "issuer_id": "issuer",
        "award_id": "x",
        "occurred_at": NOW - DAY,
        "received_at": NOW - DAY,
        "source": "lms",
        "dialect": "open_badges",
        "body": json.dumps({"evidence": digest}),
        "version": 1,
    }
