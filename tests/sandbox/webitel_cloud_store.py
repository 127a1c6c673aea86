# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What today's Webitel remembers of email profiles: the reading and writing that its engine does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .webitel_cloud_directory import Directory
from .webitel_cloud_mail import Mail
from .webitel_cloud_tables import Row, create_tables, rows

if TYPE_CHECKING:
    from .store import Database
    from .webitel_cloud_directory import Caller
    from .webitel_cloud_search import Search

# What a write of the engine brings, always all of it.
WRITTEN = (
    *("name", "description", "enabled", "flow_id", "imap_host", "smtp_host", "login", "mailbox", "imap_port"),
    *("smtp_port", "fetch_interval", "password", "auth_type", "listen", "params"),
)

_INSERT = """INSERT INTO webitel_cloud_profiles
    (name, description, enabled, flow_id, imap_host, smtp_host, login, mailbox, imap_port, smtp_port, fetch_interval,
    password, auth_type, listen, params, domain_id, created_by, updated_by, created_at, updated_at, last_activity_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?16, ?17, ?17, ?18, ?18, ?18)"""
_UPDATE = """UPDATE webitel_cloud_profiles SET
    (name, description, enabled, flow_id, imap_host, smtp_host, login, mailbox, imap_port, smtp_port, fetch_interval,
    password, auth_type, listen, params, updated_by, updated_at)
    = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ? AND domain_id = ?"""
_SEARCH = """SELECT * FROM webitel_cloud_read
    WHERE domain_id = ?1 AND (?2 IS NULL OR ilike(?2, description) OR ilike(?2, name))
    ORDER BY CASE ?3 WHEN 'id' THEN id WHEN 'name' THEN name END, CASE ?3 WHEN '-name' THEN name END DESC
    LIMIT ?4 + 1 OFFSET ?5"""
_RESET = (
    "DELETE FROM webitel_cloud_frozen",
    "DELETE FROM webitel_cloud_references",
    "DELETE FROM webitel_cloud_mails",
    "DELETE FROM webitel_cloud_unread",
    "DELETE FROM webitel_cloud_profiles",
    "DELETE FROM webitel_cloud_schemas",
    "DELETE FROM sqlite_sequence WHERE name IN ('webitel_cloud_profiles', 'webitel_cloud_schemas')",
)


class WebitelCloudStore:
    """The profiles. Reads see what the replica has, which is frozen or all there is; writes do not look at it."""

    def __init__(self, database: Database) -> None:
        """Use ``database``, and make the tables in it."""
        create_tables(database)
        self._database = database
        self.directory = Directory(database)
        self.mail = Mail(database)

    def freeze_replica(self) -> None:
        """Let reads see what there is now, whatever is written from now on."""
        if self._database.one("SELECT 1 FROM webitel_cloud_frozen") is None:
            self._database.execute("DELETE FROM webitel_cloud_replica")
            self._database.execute("INSERT INTO webitel_cloud_replica SELECT * FROM webitel_cloud_stored")
            self._database.execute("INSERT INTO webitel_cloud_frozen VALUES (1)")

    def thaw_replica(self) -> None:
        """Let reads see everything that was written."""
        self._database.execute("DELETE FROM webitel_cloud_frozen")

    def profile(self, domain_id: int, profile_id: int) -> Row | None:
        """Return a profile as the replica has it, or ``None`` where the domain has no such one there."""
        query = "SELECT * FROM webitel_cloud_read WHERE id = ? AND domain_id = ?"
        return self._first(query, profile_id, domain_id)

    def search(self, domain_id: int, search: Search) -> list[Row]:
        """Return one page as the replica has it, and one row more where there is a next page."""
        return rows(self._database.execute(_SEARCH, domain_id, *search.values))

    def all_profiles(self) -> list[Row]:
        """Return every profile of every domain as it is stored, in the order of the ids."""
        return rows(self._database.execute("SELECT * FROM webitel_cloud_stored ORDER BY id"))

    def count_enabled(self) -> int:
        """Return how many profiles are enabled. All domains belong to one customer, who has the licence."""
        found = self._first("SELECT count(*) AS enabled FROM webitel_cloud_read WHERE enabled")
        return int(found["enabled"]) if found else 0

    def add(self, caller: Caller, columns: Row) -> Row:
        """Insert a profile and return it; raise ``sqlite3.IntegrityError`` where the database refuses it."""
        values = [columns[name] for name in WRITTEN]
        inserted = self._database.execute(_INSERT, *values, caller.domain_id, caller.user_id, _now())
        return self._written(int(inserted.lastrowid or 0))

    def mark(self, profile_id: int, *, state: str, fetch_err: str | None, token: str | None) -> None:
        """Write what no request does: what came of fetching, and the token of an OAuth2 login."""
        statement = "UPDATE webitel_cloud_profiles SET (state, fetch_err, token) = (?, ?, ?) WHERE id = ?"
        self._database.execute(statement, state, fetch_err, token, profile_id)

    def update(self, caller: Caller, profile_id: int, columns: Row) -> Row | None:
        """Write all columns of ``WRITTEN`` and return the profile, or ``None`` where there is none to write to."""
        values = [columns[name] for name in WRITTEN]
        changed = self._database.execute(_UPDATE, *values, caller.user_id, _now(), profile_id, caller.domain_id)
        return self._written(profile_id) if changed.rowcount else None

    def delete(self, domain_id: int, profile_id: int) -> None:
        """Delete a profile and its mail; raise ``sqlite3.IntegrityError`` where something refers to it."""
        statement = "DELETE FROM webitel_cloud_profiles WHERE id = ? AND domain_id = ?"
        self._database.execute(statement, profile_id, domain_id)

    def sender(self, domain_id: int, name: str) -> Row | None:
        """Return the profile that a flow sends with which names it: any one, enabled or not."""
        query = "SELECT * FROM webitel_cloud_stored WHERE domain_id = ? AND name = ? ORDER BY random() LIMIT 1"
        return self._first(query, domain_id, name)

    def reset(self) -> None:
        """Forget profiles, flows and mail, and count ids from 1 again; domains and tokens stay."""
        for statement in _RESET:
            self._database.execute(statement)

    def _written(self, profile_id: int) -> Row:
        self.mail.fetch()
        written = self._first("SELECT * FROM webitel_cloud_stored WHERE id = ?", profile_id)
        assert written is not None
        return written

    def _first(self, query: str, *values: object) -> Row | None:
        found = rows(self._database.execute(query, *values))
        return found[0] if found else None


def _now() -> int:
    return int(time.time() * 1000)
