"""Reports on lists: workers, and what expires; the employer's name. Pages of their own have modules of their own.

Pages, API, live streams and exports all come through such functions, so they agree. Each is a few queries and no
decisions about looks.

All counts here are of an employer's own workers, whom it may see one by one; so no cell is too small to show. Pages
that group people by who they are (equity) read views that have hidden small cells.
"""

from __future__ import annotations

from pydantic import TypeAdapter

from services.dashboard.look import Look
from services.dashboard.models import ExpiringList, Sort, WorkerList, WorkerRow
from services.dashboard.overviews import expiring_rows, total_of

_workers = TypeAdapter(tuple[WorkerRow, ...])


def employer_name(look: Look) -> str:
    """The employer's name, or its id while nobody has named it."""
    row = look.queries.row("employer", look.tenant)
    return row["name"] if row and row["name"] else look.tenant.employer_id


def expiring_list(look: Look, days: int, page: int, page_rows: int) -> ExpiringList:
    """A page of what expires within `days`, soonest first."""
    rows = look.rows("expiring", days=days, limit=page_rows, offset=(page - 1) * page_rows)
    return ExpiringList(
        as_of=look.moment.at,
        total=total_of(rows),
        page=page,
        page_rows=page_rows,
        days=days,
        expiring=expiring_rows.validate_python(rows),
    )


def worker_list(look: Look, search: str, sort: Sort, page: int, page_rows: int) -> WorkerList:
    """A page of current workers whose id, or the name of something they hold, contains `search`."""
    wanted = search.strip()
    rows = look.progress("workers", search=wanted, sort=sort, limit=page_rows, offset=(page - 1) * page_rows)
    return WorkerList(
        as_of=look.moment.at,
        total=total_of(rows),
        page=page,
        page_rows=page_rows,
        search=wanted,
        sort=sort,
        workers=_workers.validate_python(rows),
    )
