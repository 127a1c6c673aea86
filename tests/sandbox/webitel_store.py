# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the Webitel side remembers: domains, settings, tokens and login sessions."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

import orjson

if TYPE_CHECKING:
    from .store import Database

Record = dict[str, Any]
TokenKind = Literal["domain", "user"]

ROOT_USERNAME = "100@root.example"
_SESSION_LIFE_MS = 14 * 24 * 3600 * 1000


@dataclass(frozen=True)
class Token:
    """A credential; ``domain`` is the domain it is bound to, ``key`` what ``X-Key`` must carry beside it."""

    token: str
    kind: TokenKind
    key: str | None
    domain: str | None
    username: str | None
    expires_ms: int | None

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_ms is not None and self.expires_ms <= time.time() * 1000


class WebitelStore:
    """The Webitel tables. Settings are stored as the JSON text they came in, ``_id`` and ``domain`` included."""

    def __init__(self, database: Database) -> None:
        """Use ``database``, and give it the fixed root token."""
        self._database = database
        self.root_token = database.fixed_credential("webitel_access_token")
        self.root_password = database.fixed_credential("webitel_password")
        database.execute("INSERT OR IGNORE INTO webitel_tokens (token, kind) VALUES (?, 'domain')", self.root_token)

    def add_domain(self, domain: str) -> None:
        """Make the domain known; it has no settings by that."""
        self._database.execute("INSERT OR IGNORE INTO webitel_domains VALUES (?)", domain)

    def domains(self) -> list[str]:
        """Return the names of all known domains."""
        return [row[0] for row in self._database.execute("SELECT domain FROM webitel_domains ORDER BY domain")]

    def settings(self, domain: str) -> Record | None:
        """Return the stored record of ``domain``, or ``None``."""
        row = self._database.one("SELECT record FROM webitel_settings WHERE domain = ?", domain)
        return None if row is None else self._load(row[0])

    def all_settings(self) -> list[Record]:
        """Return every stored record, in the order of the domains' names."""
        rows = self._database.execute("SELECT record FROM webitel_settings ORDER BY domain")
        return [self._load(row[0]) for row in rows]

    def save_settings(self, domain: str, record: Record) -> Record:
        """Store ``record`` instead of what ``domain`` had, and return it as stored, with its ``_id``."""
        stored = self.settings(domain)
        # As the database behind the product does: an `_id` is kept for good, and made of 12 bytes.
        identifier = stored["_id"] if stored else record.get("_id", secrets.token_hex(12))
        complete = {**record, "_id": identifier, "domain": domain}
        self.add_domain(domain)
        self._database.execute(
            "INSERT OR REPLACE INTO webitel_settings VALUES (?, ?)", domain, orjson.dumps(complete).decode()
        )
        return complete

    def delete_settings(self, domain: str) -> int:
        """Remove the record of ``domain``; return how many were removed."""
        return self._database.execute("DELETE FROM webitel_settings WHERE domain = ?", domain).rowcount

    def find_token(self, token: str) -> Token | None:
        """Return the credential that ``token`` names, expired ones included, or ``None``."""
        row = self._database.one(
            "SELECT token, kind, key, domain, username, expires_ms FROM webitel_tokens WHERE token = ?", token
        )
        return None if row is None else Token(*row)  # type: ignore[arg-type]

    def add_token(self, kind: TokenKind, domain: str | None) -> Token:
        """Make a lasting token, bound to ``domain`` unless that is ``None``."""
        return self._insert_token(kind, domain, username=None, expires_ms=None, is_session=False)

    def open_session(self) -> Token:
        """Make the token of a login of the root user."""
        expires_ms = int(time.time() * 1000) + _SESSION_LIFE_MS
        return self._insert_token("user", None, username=ROOT_USERNAME, expires_ms=expires_ms, is_session=True)

    def close_session(self, token: str) -> None:
        """End the login that ``token`` belongs to; a lasting token stays."""
        self._database.execute("DELETE FROM webitel_tokens WHERE token = ? AND is_session", token)

    def sessions(self) -> list[Record]:
        """Return the logins that have not ended."""
        rows = self._database.execute("SELECT token, username, expires_ms FROM webitel_tokens WHERE is_session")
        return [{"token": token, "username": username, "expires": expires} for token, username, expires in rows]

    def reset(self) -> None:
        """Forget domains, settings and logins; lasting tokens stay."""
        self._database.execute("DELETE FROM webitel_domains")
        self._database.execute("DELETE FROM webitel_settings")
        self._database.execute("DELETE FROM webitel_tokens WHERE is_session")

    def _insert_token(
        self, kind: TokenKind, domain: str | None, *, username: str | None, expires_ms: int | None, is_session: bool
    ) -> Token:
        key = str(uuid4()) if kind == "user" else None
        token = Token(secrets.token_hex(32), kind, key, domain, username, expires_ms)
        self._database.execute(
            "INSERT INTO webitel_tokens VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(token.token, kind, key, domain, username, expires_ms, is_session),
        )
        return token

    @staticmethod
    def _load(text: object) -> Record:
        record: Record = orjson.loads(str(text))
        return record
