# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The database: SQLite on disk, one connection, used from the event loop's thread only."""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS fixed_credentials (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS webitel_domains (domain TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS webitel_settings (domain TEXT PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS webitel_tokens (
    token TEXT PRIMARY KEY, kind TEXT NOT NULL, key TEXT, domain TEXT, username TEXT, expires_ms INTEGER,
    is_session INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS itflex_accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    record TEXT NOT NULL,
    name GENERATED ALWAYS AS (json_extract(record, '$.name')) VIRTUAL,
    is_default GENERATED ALWAYS AS (json_extract(record, '$.default')) VIRTUAL
);
CREATE INDEX IF NOT EXISTS itflex_account_name ON itflex_accounts (name);
CREATE INDEX IF NOT EXISTS itflex_account_default ON itflex_accounts (is_default);
CREATE TABLE IF NOT EXISTS itflex_templates (id INTEGER PRIMARY KEY AUTOINCREMENT, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS itflex_access_tokens (token TEXT PRIMARY KEY, expires REAL);
CREATE TABLE IF NOT EXISTS itflex_refresh_tokens (token TEXT PRIMARY KEY);

CREATE TABLE IF NOT EXISTS smtp_users (username TEXT PRIMARY KEY, password TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS smtp_messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, listener TEXT NOT NULL, tls INTEGER NOT NULL, auth_user TEXT,
    sender TEXT NOT NULL, recipients TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL
);
"""


class Database:
    """The open database file. Every statement commits by itself, except inside ``transaction``."""

    def __init__(self, path: Path) -> None:
        """Open the file at ``path``, and make it and its tables where they do not exist yet."""
        self._connection = sqlite3.connect(path, isolation_level=None)
        # A write-ahead log keeps what was committed when the process is killed, without a disk flush per request.
        self._connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;" + _SCHEMA
        )

    def execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        """Run one statement; raise ``sqlite3.Error`` where the database refuses it."""
        return self._connection.execute(statement, values)

    def one(self, statement: str, *values: object) -> tuple[object, ...] | None:
        """Return the first row, or ``None`` where there is none."""
        row: tuple[object, ...] | None = self.execute(statement, *values).fetchone()
        return row

    def add_function(self, name: str, arguments: int, function: Callable[..., bool]) -> None:
        """Let statements call ``function``, with so many arguments, by ``name``."""
        self._connection.create_function(name, arguments, function, deterministic=True)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything in the block together, or nothing where it raises."""
        self.execute("BEGIN")
        try:
            yield
        except BaseException:
            self.execute("ROLLBACK")
            raise
        self.execute("COMMIT")

    def fixed_credential(self, name: str) -> str:
        """Return the credential of that name, made up on the first call and the same ever after."""
        self.execute("INSERT OR IGNORE INTO fixed_credentials VALUES (?, ?)", name, secrets.token_hex(16))
        row = self.one("SELECT value FROM fixed_credentials WHERE name = ?", name)
        assert row is not None
        return str(row[0])

    def close(self) -> None:
        """Close the file; nothing can be read or written afterwards."""
        self._connection.close()
