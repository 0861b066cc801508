"""What a run came to, for a person (tables on a terminal) and for a script (one JSON document)."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.demo.comparison import STATUSES, Line, Sum, summed


@dataclass(frozen=True, slots=True)
class Run:
    """One checked run. `addresses`, `tokens` and `timings` are by name; timings are seconds since the command."""

    addresses: Mapping[str, str]
    tokens: Mapping[str, str]
    """Dashboard token by employer."""
    timings: Mapping[str, float]
    sizes: Mapping[str, int]
    lines: tuple[Line, ...]
    own_key: tuple[str, str] = ("", "")
    """Key and secret of a source, for records that the user may want to send."""
    killed: tuple[str, ...] = ()
    """Aggregate workers killed on the way, in order."""

    @property
    def ok(self) -> bool:
        """Whether every total is as reckoned."""
        return all(line.ok for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        """The run as one document."""
        return {
            "ok": self.ok,
            "addresses": dict(self.addresses),
            "tokens": dict(self.tokens),
            "timings": {name: round(seconds, 2) for name, seconds in self.timings.items()},
            "sizes": dict(self.sizes),
            "killed": list(self.killed),
            "totals": [line.as_json() for line in self.lines],
        }


def print_summary(console: Console, run: Run) -> None:
    """The totals, and how long it took."""
    sums = summed(run.lines)
    console.print(_totals_table(one for one in sums if not one.what), _stacks_table(one for one in sums if one.what))
    for line in run.lines:
        if not line.ok:
            console.print(f"[red]{escape(line.name)}: expected {line.expected:,}, found {line.found:,}[/]")
    wrong = sum(not line.ok for line in run.lines)
    verdict = f"[bold red]{wrong} of {len(run.lines)} totals differ.[/]"
    if run.ok:
        verdict = f"[bold green]All {len(run.lines)} totals are as reckoned from the input alone.[/]"
    console.print(verdict)
    timings = ", ".join(f"{name.replace('_', ' ')} {seconds:.1f} s" for name, seconds in run.timings.items())
    console.print(f"[dim]{timings}[/]\n", highlight=False)


def print_directions(console: Console, run: Run) -> None:
    """Where everything is, how to log in, and what to try next; only while the demo goes on running."""
    places = Table(show_header=False, box=None, pad_edge=False)
    for name, address in run.addresses.items():
        places.add_row(f"[bold]{name}[/]", escape(address))
    console.print(places)
    console.print("\nLog in to the dashboard with one of these tokens:")
    for employer, token in run.tokens.items():
        console.print(f"  {employer:20} {escape(token)}", soft_wrap=True, highlight=False)
    console.print("\nWhat to try next, in another terminal:")
    for line in _suggestions(run):
        console.print(f"  {escape(line)}", soft_wrap=True, highlight=False)
    console.print("\nRecords keep coming. [bold]Ctrl-C[/] ends it all.")


def _totals_table(sums: Iterable[Sum]) -> Table:
    table = Table(title="What came out, against what must come out", title_justify="left")
    table.add_column("total")
    table.add_column("expected", justify="right")
    table.add_column("found", justify="right")
    table.add_column("ok")
    for one in sums:
        mark = "[green]ok[/]" if one.ok else "[bold red]DIFFERS[/]"
        table.add_row(escape(one.about), f"{one.expected:,}", f"{one.found:,}", mark)
    return table


def _stacks_table(sums: Iterable[Sum]) -> Table:
    """A row a stack; a number that is as expected stands alone, any other with what was expected."""
    table = Table(title="Workers on each stack", title_justify="left")
    table.add_column("stack")
    for status in STATUSES:
        table.add_column(status.replace("_", " "), justify="right")
    rows: dict[str, dict[str, Sum]] = {}
    for one in sums:
        rows.setdefault(one.about, {})[one.what] = one
    for stack, cells in rows.items():
        table.add_row(escape(stack), *(_cell(cells.get(status)) for status in STATUSES))
    return table


def _cell(one: Sum | None) -> str:
    if one is None:
        return "[dim]0[/]"
    return f"{one.found:,}" if one.ok else f"[bold red]{one.found:,} for {one.expected:,}[/]"


def _suggestions(run: Run) -> tuple[str, ...]:
    stepwell = "stepwell" if which("stepwell") else str(Path(sys.executable).with_name("stepwell"))
    key, secret = run.own_key
    record = '{"kind": "completion", "occurred_at": "2026-01-31T09:00:00Z", "achievement": {"id": "google.it.1"},'
    record += ' "account": {"mbox": "mailto:you@mail.example"}}'
    address = f"{run.addresses['ingest']}/v1/records"
    return (
        f"export STEPWELL_HOME={run.addresses['home']}",
        f"{stepwell} lag               # how far each consumer group is behind",
        f"{stepwell} rejected list     # what was refused, and why",
        f"{stepwell} --help            # everything else",
        f"curl -u {key}:{secret} -H 'content-type: application/json' {address} -d '{record}'",
    )
