"""What a gateway knows of the log: the same, however it hears of its own messages."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.lrs.following import Following
from services.ingest.lrs.frames import Claim, Envelope, statements_message
from services.ingest.lrs.reading import Reading
from services.ingest.lrs.same import Stated
from services.ingest.lrs.window import Verdict, Window
from services.runtime.producer import Place
from services.runtime.tail import Seen

SOURCE = "lms"
IDS = [UUID(int=number).bytes for number in range(1, 6)]
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the log shows it."""

    offset: int
    key: bytes
    headers: Any


class Gateway:
    """A gateway among others, and the log that it publishes to."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.following = Following("", "", Reading(_unreachable), lambda: 0)
        self.log: list[tuple[Envelope, Shown]] = []
        self.shown = 0
        self.unheard: list[tuple[str, Place]] = []
        self.verdicts: dict[str, asyncio.Future[Verdict]] = {}

    def publish(self, *, is_own: bool) -> None:
        """A message of this gateway or of another; now and then the broker takes it twice."""
        random, frame_id = self.random, UUID(int=1000 + len(self.log))
        claims = [Claim(random.choice(IDS), Stated(bytes([random.randrange(1, 3)]) * 32, 7))]
        message = statements_message("", SOURCE, frame_id, b"", claims, at=NOW, traceparent=None)
        said = Envelope(str(frame_id), SOURCE, claims)
        if is_own:
            familiar = self.following.familiar
            familiar.note(each.statement_id for each in claims)
            self.verdicts[said.frame_id] = self.following.expect(said, random.choice([None, familiar]))
        for _ in range(random.choice([1, 1, 1, 1, 2])):
            self.log.append((said, Shown(len(self.log), message.key, message.headers)))
        if is_own:
            self.unheard.append((said.frame_id, Place(0, random.choice([len(self.log) - 1] * 5 + [-1]))))

    def hear(self) -> None:
        """An acknowledgement, in any order."""
        if self.unheard:
            self.following.acknowledged(*self.unheard.pop(self.random.randrange(len(self.unheard))))

    def look(self, upto: int) -> None:
        """Some of what is on the log."""
        records: Any = [shown for _, shown in self.log[self.shown : upto]]
        self.following.take([Seen(0, records, None)])
        self.shown = max(self.shown, upto)


def _unreachable() -> Any:
    raise AssertionError("nothing is asked")


async def _happens(random: Random) -> Gateway:
    gateway = Gateway(random)
    gateway.publish(is_own=False)
    gateway.look(1)
    for _ in range(random.randrange(30)):
        match random.randrange(4):
            case 0 | 1:
                gateway.publish(is_own=random.random() < 0.7)
            case 2:
                gateway.hear()
            case 3:
                gateway.look(random.randint(gateway.shown, len(gateway.log)))
    while gateway.unheard:
        gateway.hear()
    gateway.look(len(gateway.log))
    return gateway


@given(st.randoms(use_true_random=False))
def test_acknowledgements_tell_what_reading_the_log_tells(random: Random) -> None:
    """Every verdict, and what is known afterwards, is that of the log read in its order."""
    gateway = asyncio.run(_happens(random))
    window, verdicts = Window(), dict[str, Verdict]()
    for said, shown in gateway.log:
        verdicts.setdefault(said.frame_id, window.add(said, 0, shown.offset, 0.0))
    assert {each: found.result() for each, found in gateway.verdicts.items()} == {
        each: verdicts[each] for each in gateway.verdicts
    }
    assert gateway.following.window.known(SOURCE, IDS) == window.known(SOURCE, IDS)
    assert gateway.following.window.last == window.last
