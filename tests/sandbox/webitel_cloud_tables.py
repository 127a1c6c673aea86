# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of today's Webitel, with the constraints that the vendor's have, and what reads them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

    from .store import Database

Row = dict[str, Any]

# As in the vendor's database: a name is not unique and may be empty, a flow may be another domain's, stored mail goes
# with its profile, and what refers to a profile without more words keeps it from being deleted.
_TABLES = (
    "TABLE IF NOT EXISTS webitel_cloud_domains (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)",
    """TABLE IF NOT EXISTS webitel_cloud_users (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, token TEXT NOT NULL UNIQUE, rights TEXT NOT NULL,
        domain_id INTEGER NOT NULL REFERENCES webitel_cloud_domains ON DELETE CASCADE
    )""",
    """TABLE IF NOT EXISTS webitel_cloud_schemas (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
        domain_id INTEGER NOT NULL REFERENCES webitel_cloud_domains ON DELETE CASCADE
    )""",
    """TABLE IF NOT EXISTS webitel_cloud_profiles (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        domain_id INTEGER NOT NULL REFERENCES webitel_cloud_domains ON DELETE CASCADE,
        name TEXT NOT NULL, description TEXT NOT NULL DEFAULT '', enabled INTEGER NOT NULL DEFAULT 0,
        flow_id INTEGER NOT NULL REFERENCES webitel_cloud_schemas,
        imap_host TEXT NOT NULL DEFAULT '', smtp_host TEXT NOT NULL DEFAULT '', login TEXT NOT NULL DEFAULT '',
        mailbox TEXT NOT NULL DEFAULT '', imap_port INTEGER NOT NULL DEFAULT 0, smtp_port INTEGER NOT NULL DEFAULT 0,
        fetch_interval INTEGER NOT NULL DEFAULT 0, password TEXT NOT NULL DEFAULT '',
        auth_type TEXT NOT NULL DEFAULT 'plain', listen INTEGER NOT NULL DEFAULT 0, params TEXT, token TEXT,
        state TEXT NOT NULL DEFAULT 'idle', fetch_err TEXT, last_activity_at INTEGER NOT NULL,
        created_at INTEGER NOT NULL, created_by INTEGER REFERENCES webitel_cloud_users ON DELETE SET NULL,
        updated_at INTEGER NOT NULL, updated_by INTEGER REFERENCES webitel_cloud_users ON DELETE SET NULL
    )""",
    """TABLE IF NOT EXISTS webitel_cloud_mails (
        id INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT NOT NULL, flow_id INTEGER,
        profile_id INTEGER NOT NULL REFERENCES webitel_cloud_profiles ON UPDATE CASCADE ON DELETE CASCADE
    )""",
    """TABLE IF NOT EXISTS webitel_cloud_references (
        name TEXT NOT NULL, profile_id INTEGER NOT NULL REFERENCES webitel_cloud_profiles
    )""",
    # What lies unread in mailboxes at mail servers, which is no table of the vendor's.
    """TABLE IF NOT EXISTS webitel_cloud_unread (
        id INTEGER PRIMARY KEY AUTOINCREMENT, imap_host TEXT NOT NULL, login TEXT NOT NULL, mailbox TEXT NOT NULL,
        subject TEXT NOT NULL
    )""",
)
_VIEWS = (
    """VIEW IF NOT EXISTS webitel_cloud_stored AS
        SELECT p.*, s.name AS flow, c.name AS creator, u.name AS updater FROM webitel_cloud_profiles p
        LEFT JOIN webitel_cloud_schemas s ON s.id = p.flow_id
        LEFT JOIN webitel_cloud_users c ON c.id = p.created_by
        LEFT JOIN webitel_cloud_users u ON u.id = p.updated_by""",
    # The replica has rows of its own only while it is frozen, which a row in the second table says.
    "TABLE IF NOT EXISTS webitel_cloud_replica AS SELECT * FROM webitel_cloud_stored WHERE 0",
    "TABLE IF NOT EXISTS webitel_cloud_frozen (frozen INTEGER PRIMARY KEY)",
    """VIEW IF NOT EXISTS webitel_cloud_read AS
        SELECT * FROM webitel_cloud_stored WHERE NOT EXISTS (SELECT 1 FROM webitel_cloud_frozen)
        UNION ALL SELECT * FROM webitel_cloud_replica WHERE EXISTS (SELECT 1 FROM webitel_cloud_frozen)""",
    """VIEW IF NOT EXISTS webitel_cloud_fetched AS
        SELECT u.id, u.subject, min(p.id) AS profile_id, p.flow_id FROM webitel_cloud_unread u
        JOIN webitel_cloud_profiles p ON (p.imap_host, p.login, p.mailbox) = (u.imap_host, u.login, u.mailbox)
        WHERE p.enabled AND p.listen GROUP BY u.id""",
)


def create_tables(database: Database) -> None:
    """Make the tables and views that are not there yet, and `ilike(pattern, text)`, PostgreSQL's `ILIKE`."""
    database.add_function("ilike", 2, _matches)
    for created in (*_TABLES, *_VIEWS):
        database.execute(f"CREATE {created}")


def rows(cursor: sqlite3.Cursor) -> list[Row]:
    """Return what a query found, each row by its columns' names."""
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor]


def _matches(pattern: str, text: str) -> bool:
    return _expression(pattern).fullmatch(text) is not None


@lru_cache(maxsize=64)
def _expression(pattern: str) -> re.Pattern[str]:
    """Translate a pattern of PostgreSQL's `ILIKE`; raise ``ValueError`` where it ends with its escape character."""
    if re.fullmatch(r"(?s)(?:[^\\]|\\.)*\\", pattern):
        raise ValueError("LIKE pattern must not end with escape character")
    wildcards = {"%": ".*", "_": "."}
    pieces = re.findall(r"(?s)\\.|[^\\]", pattern)
    text = "".join(wildcards.get(piece) or re.escape(piece[-1]) for piece in pieces)
    return re.compile(text, re.IGNORECASE | re.DOTALL)
