# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may ask today's Webitel, and which flows there are: domains, users with their tokens, flows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

from .webitel_cloud_tables import Row, rows

if TYPE_CHECKING:
    from collections.abc import Collection

    from .store import Database
    from .webitel_cloud_search import Search

Right = Literal["create", "read", "update", "delete"]
RIGHTS: tuple[Right, ...] = get_args(Right)

FIXED_DOMAIN = "cloud.example"
_FIXED_USER = "admin"


@dataclass(frozen=True)
class Caller:
    """Whose token a request carries. The domain comes from it alone."""

    user_id: int
    user: str
    domain_id: int
    domain: str
    rights: frozenset[str]


class Directory:
    """The domains, users and flows."""

    def __init__(self, database: Database) -> None:
        """Use ``database``, and give it the fixed domain and its user."""
        self._database = database
        self.access_token = database.fixed_credential("webitel_cloud_access_token")
        if self.caller(self.access_token) is None:
            self._insert_user(_FIXED_USER, self.access_token, FIXED_DOMAIN, RIGHTS)

    def domain_id(self, domain: str) -> int:
        """Return the id of a domain, which becomes known by that."""
        self._database.execute("INSERT OR IGNORE INTO webitel_cloud_domains (name) VALUES (?)", domain)
        return int(rows(self._database.execute("SELECT id FROM webitel_cloud_domains WHERE name = ?", domain))[0]["id"])

    def add_user(self, domain: str, rights: Collection[Right]) -> str:
        """Make a user of a domain with these rights on email profiles; return the user's token."""
        token = secrets.token_hex(16)
        self._insert_user(f"user {token[:4]}", token, domain, rights)
        return token

    def caller(self, token: str) -> Caller | None:
        """Return whose token this is, or ``None``."""
        query = """SELECT u.id, u.name, u.rights, u.domain_id, d.name AS domain FROM webitel_cloud_users u
            JOIN webitel_cloud_domains d ON d.id = u.domain_id WHERE u.token = ?"""
        found = rows(self._database.execute(query, token))
        if not found:
            return None
        user = found[0]
        return Caller(user["id"], user["name"], user["domain_id"], user["domain"], frozenset(user["rights"].split()))

    def fixed_caller(self, domain: str) -> Caller:
        """Return the caller that plants records in a domain."""
        caller = self.caller(self.access_token)
        assert caller is not None
        return replace(caller, domain_id=self.domain_id(domain), domain=domain)

    def add_schema(self, domain: str, name: str) -> int:
        """Make a flow of a domain; return its id."""
        statement = "INSERT INTO webitel_cloud_schemas (name, domain_id) VALUES (?, ?)"
        return int(self._database.execute(statement, name, self.domain_id(domain)).lastrowid or 0)

    def search_schemas(self, domain_id: int, search: Search) -> list[Row]:
        """Return one page of a domain's flows, and one row more where there is a next page."""
        query = """SELECT id, name FROM webitel_cloud_schemas WHERE domain_id = ?1 AND (?2 IS NULL OR ilike(?2, name))
            ORDER BY CASE ?3 WHEN 'id' THEN id WHEN 'name' THEN name END, CASE ?3 WHEN '-name' THEN name END DESC
            LIMIT ?4 + 1 OFFSET ?5"""
        return rows(self._database.execute(query, domain_id, *search.values))

    def _insert_user(self, name: str, token: str, domain: str, rights: Collection[Right]) -> None:
        self._database.execute(
            "INSERT INTO webitel_cloud_users (name, token, rights, domain_id) VALUES (?, ?, ?, ?)",
            *(name, token, " ".join(rights), self.domain_id(domain)),
        )
