"""How a source cuts what it sends into requests."""

from __future__ import annotations

from deploy.demo.sending import BATCH, batches


def test_batches_are_full_and_in_order() -> None:
    """A hundred at most, nothing lost, nothing moved."""
    bodies = [b'{"n": %d}' % number for number in range(BATCH + 5)]
    cut = list(batches(bodies))
    assert [len(batch) for batch in cut] == [BATCH, 5]
    assert [body for batch in cut for body in batch] == bodies


def test_what_is_no_json_stands_alone() -> None:
    """It would spoil the JSON of the whole request."""
    assert list(batches([b"{}", b"{", b"{}"])) == [[b"{}"], [b"{"], [b"{}"]]


def test_no_id_occurs_twice_in_a_request() -> None:
    """Clause xAPI 1.0.3 Communication 2.1.2: a request with a repeated statement id is refused."""
    one, other = b'{"id": "a"}', b'{"id": "b"}'
    assert list(batches([one, other, one, one])) == [[one, other], [one], [one]]
