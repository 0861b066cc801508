"""What happens to records on their way: told late, told twice, told in other words, spoilt, or among page views.

Nothing here may change a total: each of these is the same facts again, or no fact at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from deploy.demo.chance import happens
from deploy.demo.delivery import Delivery
from deploy.demo.happenings import Happening
from deploy.demo.malformed import malformed, spoilable_names
from deploy.demo.writing import delivery, page_view

LATE_SHARE = 0.06
RESENT_SHARE = 0.04
REWORDED_SHARE = 0.02
MALFORMED_SHARE = 0.012
PAGE_VIEW_SHARE = 0.04


def delayed(happenings: Iterable[Happening], rng: Random, now: datetime) -> list[Happening]:
    """In the order in which they are told: most at once, some up to two months late, so after younger ones."""
    told = [_late(one, rng, now) if happens(rng, LATE_SHARE) else one for one in happenings]
    return sorted(told, key=lambda one: one.told_at)


def deliveries(told: Iterable[Happening], rng: Random) -> list[Delivery]:
    """The payloads with resent, reworded and malformed ones among them, in sending order."""
    sent: list[tuple[float, Delivery]] = []
    for place, happening in enumerate(told):
        sent.append((place, delivery(happening)))
        sent.extend((place + _gap(rng), extra) for extra in _extras(happening, rng))
    return [one for _, one in sorted(sent, key=lambda pair: pair[0])]


def _late(happening: Happening, rng: Random, now: datetime) -> Happening:
    late = happening.told_at + timedelta(days=rng.uniform(0.1, 60))
    return replace(happening, told_at=max(happening.told_at, min(late, now)))


def _extras(happening: Happening, rng: Random) -> list[Delivery]:
    extras = []
    if happens(rng, RESENT_SHARE):
        extras.append(delivery(happening))
    if happens(rng, REWORDED_SHARE):
        extras.append(delivery(happening, offset_hours=rng.choice((-7, 3, 9))))
    if happening.source.name in spoilable_names() and happens(rng, MALFORMED_SHARE):
        extras.append(malformed(delivery(happening), rng))
    if happening.verb and happening.source.road == "xapi" and happens(rng, PAGE_VIEW_SHARE):
        extras.append(page_view(happening))
    return extras


def _gap(rng: Random) -> float:
    """How many places later the extra goes: mostly right after (a client's retry), sometimes much later (a replay)."""
    return rng.choice((0.5, rng.uniform(0.5, 20), rng.uniform(20, 2_000)))
