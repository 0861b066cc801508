"""Totals compared: equal ones say so, and any difference is shown, however small."""

from __future__ import annotations

from collections import Counter

from rich.console import Console

from deploy.demo.comparison import compared, summed
from deploy.demo.reckoning.totals import Totals
from deploy.demo.report import Run, print_summary


def _totals(**changes: int) -> Totals:
    standings = Counter({("here", "s", "complete"): 2, ("there", "s", "complete"): 3})
    for employer, number in changes.items():
        standings[employer, "s", "complete"] = number
    return Totals(records=7, workers=Counter({"here": 4}), standings=standings)


def _run(found: Totals) -> Run:
    return Run({}, {}, {"checked": 1.25}, {}, tuple(compared(_totals(), found)))


def test_equal_totals_are_ok() -> None:
    """Every line agrees, and so does the run."""
    assert all(line.ok for line in compared(_totals(), _totals()))
    assert _run(_totals()).ok


def test_a_total_that_one_side_lacks_is_nought_there() -> None:
    """What was found and not expected is a difference, too."""
    (odd,) = (line for line in compared(_totals(), _totals(elsewhere=1)) if line.employer == "elsewhere")
    assert (odd.name, odd.expected, odd.found, odd.ok) == ("s: complete @ elsewhere", 0, 1, False)


def test_differences_that_cancel_out_in_sum_are_still_differences() -> None:
    """One employer has one too many and another one too few: no sum hides that."""
    lines = compared(_totals(), _totals(here=3, there=2))
    (stack,) = (one for one in summed(lines) if one.about == "s")
    assert (stack.expected, stack.found, stack.ok) == (5, 5, False)


def test_the_json_form_has_a_verdict_and_every_total() -> None:
    """Scripts read one document."""
    document = _run(_totals(here=3)).as_json()
    assert document["ok"] is False
    assert {"name": "s: complete @ here", "expected": 2, "found": 3, "ok": False} in document["totals"]


def test_the_summary_names_what_differs() -> None:
    """A person sees the verdict, and each line that is wrong."""
    console = Console(width=100)
    with console.capture() as capture:
        print_summary(console, _run(_totals(here=3)))
    shown = capture.get()
    assert "s: complete @ here: expected 2, found 3" in shown
    assert "totals differ" in shown
