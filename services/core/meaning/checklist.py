"""The checklist: every question answered, not answered, or answered and confirmed by somebody else. Never a score.

Invariant: one item for each question, in the questions' order; an item is verified only by vouchers, and only when
there is an answer to verify or the voucher itself is the answer (a registry that states an accreditation). What a
voucher states goes before what the catalog states, which is kept as a note.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from services.core.meaning.answers import ANSWERS, Answer, Subject
from services.core.meaning.questions import QUESTIONS, Basis, Key, Question
from services.core.meaning.vouchers import Voucher

State = Literal["missing", "present", "verified"]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist."""

    key: Key
    title: str
    basis: Basis
    asks: str
    state: State
    value: str | None
    stated_by: str | None
    url: str | None
    note: str | None
    verified_by: tuple[Voucher, ...]


def checklist(subject: Subject, vouchers: Iterable[Voucher] = ()) -> tuple[Item, ...]:
    """The items for one achievement; `vouchers` are about it or its issuer."""
    known = tuple(vouchers)
    return tuple(
        _item(question, ANSWERS[question.key](subject), tuple(one for one in known if one.key == question.key))
        for question in QUESTIONS
    )


def _item(question: Question, answer: Answer, vouchers: tuple[Voucher, ...]) -> Item:
    value, stated_by, note = answer.value, answer.stated_by, answer.note
    stated = next((one for one in vouchers if one.detail), None)
    if stated is not None:
        note = f"the catalog says: {value}" if value not in (None, stated.detail) else note
        value, stated_by = stated.detail, stated.by
    state: State = "missing" if value is None else "verified" if vouchers else "present"
    return Item(
        key=question.key,
        title=question.title,
        basis=question.basis,
        asks=question.asks,
        state=state,
        value=value,
        stated_by=stated_by,
        url=answer.url,
        note=note,
        verified_by=vouchers if state == "verified" else (),
    )
