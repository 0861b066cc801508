"""What every command shares: one line of JSON or plain lines on stdout, and errors as one sentence on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from services.runtime.errors import StepwellError


def say(line: str) -> None:
    """One line on stdout, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def say_json(value: Any) -> None:
    """One line of JSON on stdout."""
    say(json.dumps(value, ensure_ascii=False, default=str))


def say_table(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows under their names, in columns as wide as they need; None is shown as a dash."""
    cells = [list(names), *([_cell(row.get(name)) for name in names] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(names))]
    for line in cells:
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    return "-" if value is None else str(value)


@contextmanager
def errors_in_a_sentence() -> Iterator[None]:
    """End the command with exit code 1 and one sentence, not a traceback, when an error of ours is raised within."""
    try:
        yield
    except StepwellError as error:
        sys.stderr.write(f"stepwell: {error}\n")
        raise SystemExit(1) from error
    except KeyboardInterrupt as error:
        raise SystemExit(130) from error
