"""Trying again until it works, with pauses that grow: the one loop beneath whatever waits for a server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.runtime.errors import Unavailable

T = TypeVar("T")


async def until_available(
    attempt: Callable[[], Awaitable[T]],
    pause: Callable[[float], Awaitable[None]],
    on_wait: Callable[[Unavailable, float], None],
    *,
    first_seconds: float,
    longest_seconds: float,
) -> T:
    """What `attempt` returns, once it does not raise `Unavailable`; `pause` waits in between and may end it by raising.

    `on_wait` hears of each failure and of the pause that follows: twice as long as the one before, up to the longest.
    """
    seconds = first_seconds
    while True:
        try:
            return await attempt()
        except Unavailable as error:
            on_wait(error, seconds)
            await pause(seconds)
            seconds = min(seconds * 2, longest_seconds)
