"""What a person sees while the demo works: which parts are up, how much is sent and queryable. On standard error."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.runtime.processes import Event


class Display:
    """A progress bar for each side of the system; silent where standard error is no terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description:28}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._sent = self._progress.add_task("starting Kafka, ClickHouse, services", total=None)
        self._queryable = self._progress.add_task("queryable in ClickHouse", total=None, visible=False)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Leave the terminal as it was."""
        self._progress.stop()

    def event(self, event: Event) -> None:
        """A part of the system is ready, or was started again."""
        if event.kind == "ready":
            self._progress.update(self._sent, description=f"{event.process} is ready")
        if event.kind == "restarted":
            self.say(f"{event.process} was started again")

    def expect(self, deliveries: int) -> None:
        """All parts are up, and so many payloads will be sent."""
        self._progress.reset(self._sent, description="sent", total=deliveries)
        self._progress.update(self._queryable, total=deliveries, visible=True)

    def sent(self, number: int) -> None:
        """So many more payloads were acknowledged or refused."""
        self._progress.advance(self._sent, number)

    def queryable(self, number: int) -> None:
        """So many records can be queried now."""
        self._progress.update(self._queryable, completed=number)

    def settled(self) -> None:
        """All is processed: what can be queried now is all there is."""
        for task in self._progress.tasks:
            self._progress.update(task.id, total=task.completed)

    def say(self, text: str) -> None:
        """A line that stays."""
        if self._console.is_terminal:
            self._progress.console.print(f"[dim]{text}[/]")
