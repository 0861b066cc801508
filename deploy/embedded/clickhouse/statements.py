"""Just enough SQL reading to part an INSERT from the data behind it, and to see which FORMAT a query asks for.

ClickHouse's own parser knows where a statement ends and inline data begins; chDB does not offer it, so we walk the
words at the top level, past comments, quotes and brackets, and never look into the data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    rb"""(?P<gap>\s+|--[^\n]*|\#[ !][^\n]*|/\*.*?\*/)
    |(?P<quoted>'(?:\\.|''|[^'\\])*'|`(?:\\.|``|[^`\\])*`|"(?:\\.|""|[^"\\])*")
    |(?P<word>[A-Za-z_]\w*)
    |(?P<sign>.)""",
    re.DOTALL | re.VERBOSE,
)
_FORMAT_NAME = re.compile(rb"\s+(\w+)")
# What ClickHouse skips between the format's name and the data: blanks, then at most one line end.
_BEFORE_DATA = re.compile(rb"[ \t]*;?[ \t]*(?:\r?\n)?")
_OPENING, _CLOSING = frozenset(b"([{"), frozenset(b")]}")
_INSERTS_ITS_OWN_ROWS = frozenset({b"SELECT", b"WITH", b"VALUES", b"INFILE", b"EXPLAIN"})


@dataclass(frozen=True, slots=True)
class Insert:
    """`INSERT INTO target [SETTINGS ...] FORMAT format` and the data that followed."""

    target: str
    settings: str
    format: str
    data: bytes

    def reading(self, path: str) -> str:
        """The same statement, with its data read from a file."""
        return f"{self.target} FROM INFILE {quoted(path)} {self.settings} FORMAT {self.format}"


def insert_of(sql: bytes) -> Insert | None:
    """The INSERT with a FORMAT clause that `sql` is, or None for any other statement, VALUES and SELECT inserts too."""
    settings_at = None
    for position, (word, start, end) in enumerate(_top_level_words(sql)):
        if position == 0 and word != b"INSERT":
            return None
        if word in _INSERTS_ITS_OWN_ROWS:
            return None
        if word == b"SETTINGS":
            settings_at = start
        elif word == b"FORMAT" and (name := _FORMAT_NAME.match(sql, end)):
            return _insert(sql, settings_at, start, name)
    return None


def format_of(sql: bytes) -> str | None:
    """The format that a query's own FORMAT clause names."""
    if b"FORMAT" not in sql.upper():
        return None
    found = None
    for word, _, end in _top_level_words(sql):
        if word == b"FORMAT" and (name := _FORMAT_NAME.match(sql, end)):
            found = name[1].decode()
    return found


def quoted(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def identifier(name: str) -> str:
    """A quoted identifier."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _insert(sql: bytes, settings_at: int | None, format_at: int, name: re.Match[bytes]) -> Insert | None:
    if name[1].upper() == b"VALUES":
        return None
    gap = _BEFORE_DATA.match(sql, name.end())
    target_end = format_at if settings_at is None else settings_at
    return Insert(
        target=sql[:target_end].decode(),
        settings=sql[target_end:format_at].decode(),
        format=name[1].decode(),
        data=sql[gap.end() if gap else name.end() :],
    )


def _top_level_words(sql: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(upper-cased word, start, end) of each bare word outside brackets, in order."""
    depth = 0
    for token in _TOKEN.finditer(sql):
        if token.lastgroup == "sign":
            sign = token[0][0]
            depth += (sign in _OPENING) - (sign in _CLOSING)
        elif token.lastgroup == "word" and depth == 0:
            yield token[0].upper(), token.start(), token.end()
