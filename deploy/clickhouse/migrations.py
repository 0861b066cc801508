"""Numbered SQL migrations: which there are, which are applied, and the steps between.

A migration is a pair of files, NNNN_name.up.sql and NNNN_name.down.sql, of statements that each end with `;` at the end
of a line. What was applied is in the table `schema_migrations` with a digest of the `up` file, so an applied file that
was edited later is noticed. ClickHouse has no transactions over DDL: statements are written to be repeatable (IF NOT
EXISTS), and a migration counts as applied when its last one ran.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.runtime.clickhouse import Client, connect, connect_patient
from services.runtime.errors import Conflict, Rejected
from services.runtime.identity_keys import make_identity_key as made_if_missing

FOLDER = Path(__file__).parent / "migrations"
_FILE = re.compile(r"(?P<number>\d{4})_(?P<name>[a-z0-9_]+)\.up\.sql\Z")
FILL_SECONDS = 6 * 3600
"""How long one statement may take: filling a new table with what a million workers have takes minutes."""
_STATEMENT_END = re.compile(r";[ \t]*(?:\n|\Z)")
_COMMENT_LINE = re.compile(r"^\s*--.*$", re.MULTILINE)

APPLIED_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations
(
    number     UInt32,
    name       String,
    digest     String,
    applied_at DateTime64(6, 'UTC') DEFAULT now64(6),
    is_deleted UInt8 DEFAULT 0
)
ENGINE = ReplacingMergeTree(applied_at, is_deleted)
ORDER BY number
"""
APPLIED = "SELECT number, digest FROM schema_migrations FINAL ORDER BY number"


@dataclass(frozen=True, slots=True)
class Migration:
    """One step, and the way back; `digest` is of the `up` text."""

    number: int
    name: str
    up: str
    down: str

    @property
    def digest(self) -> str:
        """sha256 of the `up` text, in hex."""
        return hashlib.sha256(self.up.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Step:
    """A migration to run, forward or back."""

    migration: Migration
    forward: bool

    @property
    def statements(self) -> tuple[str, ...]:
        """What to run, in order."""
        return statements_of(self.migration.up if self.forward else self.migration.down)


def load(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """The folder's migrations in order.

    Raises: Rejected when a way back is missing, or two have one number.
    """
    migrations: dict[int, Migration] = {}
    for path in sorted(folder.glob("*.up.sql")):
        named = _FILE.match(path.name)
        if named is None:
            raise Rejected.because("name", f"{path.name} is not NNNN_name.up.sql")
        back = path.with_name(path.name.replace(".up.sql", ".down.sql"))
        if not back.exists():
            raise Rejected.because("no_way_back", f"{path.name} has no {back.name}")
        number = int(named["number"])
        if number in migrations:
            raise Rejected.because("number_taken", f"{path.name} has the number of {migrations[number].name}")
        migrations[number] = Migration(number, named["name"], path.read_text(), back.read_text())
    return tuple(migrations.values())


def statements_of(text: str) -> tuple[str, ...]:
    """The statements of a file; `;` ends one at a line's end only, so that it may stand inside a string."""
    parts = (part.strip() for part in _STATEMENT_END.split(text))
    return tuple(part for part in parts if _COMMENT_LINE.sub("", part).strip())


def plan(migrations: Sequence[Migration], applied: Mapping[int, str], target: int | None = None) -> tuple[Step, ...]:
    """The steps from what is applied (number -> digest) to `target`, by default the newest.

    Raises: Conflict when an applied migration was changed since, or is not among the files; Rejected for a number that
    no migration has.
    """
    known = {migration.number: migration for migration in migrations}
    for number, digest in applied.items():
        if number not in known:
            raise Conflict(f"migration {number:04d}", "is applied, but its files are not here: run a newer Stepwell")
        if known[number].digest != digest:
            raise Conflict(f"migration {number:04d}", "was changed after it was applied: write a new one instead")
    if target is None:
        target = max(known, default=0)
    if target and target not in known:
        raise Rejected.because("unknown_number", f"there is no migration {target}")
    back = [Step(known[number], forward=False) for number in sorted(applied, reverse=True) if number > target]
    forward = [
        Step(known[number], forward=True) for number in sorted(known) if number <= target and number not in applied
    ]
    return (*back, *forward)


def applied(client: Client) -> dict[int, str]:
    """What has been applied on the client's database: number -> digest."""
    client.command(APPLIED_TABLE)
    return {int(number): str(digest) for number, digest in client.query(APPLIED).result_rows}


def run(client: Client, steps: Iterable[Step]) -> None:
    """Run the steps in order, writing down each as it is done."""
    for step in steps:
        for statement in step.statements:
            client.command(statement)
        migration = step.migration
        client.insert(
            "schema_migrations",
            [[migration.number, migration.name, migration.digest, int(not step.forward)]],
            column_names=["number", "name", "digest", "is_deleted"],
        )


def make_identity_key(client: Client) -> None:
    """Make the key that hides addresses, where there is its table and no key yet: before anybody needs it."""
    if client.query("EXISTS TABLE identity_keys").result_rows[0][0]:
        made_if_missing(client, pause=lambda _seconds: None)


def create_database(url: str, database: str) -> None:
    """Make the database if it is not there. Raises: Unavailable."""
    client = connect(url, "system")
    try:
        client.command(f"CREATE DATABASE IF NOT EXISTS `{database}`")
    finally:
        client.close()


def migrate(url: str, database: str, target: int | None = None, folder: Path = FOLDER) -> tuple[Step, ...]:
    """Bring the database to `target`, by default the newest, making it if need be; the answer is what was run.

    Raises: as `plan`; Unavailable when ClickHouse does not answer.
    """
    create_database(url, database)
    client = connect_patient(url, database, FILL_SECONDS)
    try:
        steps = plan(load(folder), applied(client), target)
        run(client, steps)
        make_identity_key(client)
        return steps
    finally:
        client.close()
