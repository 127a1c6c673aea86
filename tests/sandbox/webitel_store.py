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

from .javascript import ordered
from .mongodb import ObjectId

if TYPE_CHECKING:
    from .store import Database

Record = dict[str, Any]
TokenKind = Literal["domain", "user", "disabled"]
Role = Literal["root", "admin", "user"]

ROOT_USERNAME = "root"
_LIFE_MS = 14 * 24 * 3600 * 1000
_BOUND_USER = "100"
_MADE = "$oid"


@dataclass(frozen=True)
class Token:
    """A credential; ``domain`` is the domain it is bound to, ``key`` what ``X-Key`` must carry beside it.

    A user's token without a key is one that was logged out.
    """

    token: str
    kind: TokenKind
    key: str | None
    domain: str | None
    username: str
    expires_ms: int | None

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_ms is not None and self.expires_ms <= time.time() * 1000

    @property
    def role(self) -> Role:
        """What its owner may do; only root is bound to no domain."""
        return "admin" if self.domain else "root"


class WebitelStore:
    """The Webitel tables. Settings are stored as JSON; an ``_id`` that the database made is ``{"$oid": …}`` there."""

    def __init__(self, database: Database) -> None:
        """Use ``database``, and give root its fixed token, key, password and second factor."""
        self._database = database
        self.root_token = database.fixed_credential("webitel_access_token")
        self.root_key = database.fixed_credential("webitel_key")
        self.root_password = database.fixed_credential("webitel_password")
        # As many digits as an authenticator shows.
        self.login_code = f"{int(database.fixed_credential('webitel_login_code'), 16) % 10**6:06}"
        self._restore_root()

    def add_domain(self, domain: str) -> None:
        """Make the domain known; it has no settings by that."""
        self._database.execute("INSERT OR IGNORE INTO webitel_domains VALUES (?)", domain)

    def domains(self) -> list[str]:
        """Return the names of all known domains, in the order in which they became known."""
        return [row[0] for row in self._database.execute("SELECT domain FROM webitel_domains ORDER BY rowid")]

    def settings(self, domain: object) -> Record | None:
        """Return the stored record of ``domain``, or ``None``. A query may name any JSON value as a domain."""
        row = self._database.one("SELECT record FROM webitel_settings WHERE domain = ?", _column(domain))
        return None if row is None else self._load(row[0])

    def all_settings(self) -> list[Record]:
        """Return every stored record, in the order of the domains' names."""
        rows = self._database.execute("SELECT record FROM webitel_settings ORDER BY domain")
        return [self._load(row[0]) for row in rows]

    def save_settings(self, domain: object, record: Record) -> Record:
        """Store ``record`` instead of what ``domain`` had, and return it as stored, with its ``_id`` in front."""
        stored = self.settings(domain)
        # As the database behind the product does: an `_id` is kept for good, and made of 12 bytes.
        made = ObjectId(secrets.token_hex(12))
        identifier = stored["_id"] if stored else record.get("_id", made)
        complete = _id_first(identifier, {**record, "domain": domain})
        kept = {**complete, "_id": {_MADE: str(identifier)} if isinstance(identifier, ObjectId) else identifier}
        self._database.execute(
            "INSERT OR REPLACE INTO webitel_settings VALUES (?, ?)", _column(domain), orjson.dumps(kept).decode()
        )
        return complete

    def delete_settings(self, domain: object) -> int:
        """Remove the record of ``domain``; return how many were removed."""
        return self._database.execute("DELETE FROM webitel_settings WHERE domain = ?", _column(domain)).rowcount

    def find_token(self, token: object) -> Token | None:
        """Return the credential that ``token`` names, expired and ended ones included, or ``None``."""
        row = self._database.one(
            "SELECT token, kind, key, domain, username, expires_ms FROM webitel_tokens WHERE token = ?", str(token)
        )
        return None if row is None else Token(*row)  # type: ignore[arg-type]

    def add_token(self, kind: TokenKind, domain: str | None, expires_ms: int | None = None) -> Token:
        """Make a token that no login made, bound to ``domain`` unless that is ``None``; a domain's own lasts."""
        if expires_ms is None and kind == "user":
            expires_ms = _in_two_weeks()
        return self._insert_token(kind, domain, expires_ms, is_session=False)

    def domain_of(self, username: object) -> str | None:
        """Return the domain whose user this is: each that is known has the one user ``100``."""
        return next((domain for domain in self.domains() if username == f"{_BOUND_USER}@{domain}"), None)

    def open_session(self, domain: str | None) -> Token:
        """Make the token of a login: of the user of ``domain``, of root where that is ``None``."""
        return self._insert_token("user", domain, _in_two_weeks(), is_session=True)

    def close_session(self, token: str) -> None:
        """End what ``token`` and its key are good for."""
        self._database.execute("UPDATE webitel_tokens SET key = NULL, is_session = 0 WHERE token = ?", token)

    def sessions(self) -> list[Record]:
        """Return the logins that have not ended."""
        rows = self._database.execute("SELECT token, username, expires_ms FROM webitel_tokens WHERE is_session")
        return [{"token": token, "username": username, "expires": expires} for token, username, expires in rows]

    def reset(self) -> None:
        """Forget domains, settings and logins; lasting tokens stay."""
        self._database.execute("DELETE FROM webitel_domains")
        self._database.execute("DELETE FROM webitel_settings")
        self._database.execute("DELETE FROM webitel_tokens WHERE is_session OR (kind = 'user' AND key IS NULL)")
        self._restore_root()

    def _restore_root(self) -> None:
        self._database.execute(
            "INSERT OR REPLACE INTO webitel_tokens VALUES (?, 'user', ?, NULL, ?, ?, 0)",
            *(self.root_token, self.root_key, ROOT_USERNAME, _in_two_weeks()),
        )

    def _insert_token(self, kind: TokenKind, domain: str | None, expires_ms: int | None, *, is_session: bool) -> Token:
        key = str(uuid4()) if kind == "user" else None
        # The static tokens of a domain have an id of their own and no user.
        owner = _BOUND_USER if kind == "user" else str(uuid4())
        username = f"{owner}@{domain}" if domain else ROOT_USERNAME
        token = Token(secrets.token_hex(32), kind, key, domain, username, expires_ms)
        self._database.execute(
            "INSERT INTO webitel_tokens VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(token.token, kind, key, domain, username, expires_ms, is_session),
        )
        return token

    @staticmethod
    def _load(text: object) -> Record:
        record: Record = orjson.loads(str(text))
        identifier = record.get("_id")
        if isinstance(identifier, dict) and _MADE in identifier:
            identifier = ObjectId(identifier[_MADE])
        return _id_first(identifier, record)


def _id_first(identifier: object, record: Record) -> Record:
    """Return a record as the database gives it out; only keys that are numbers come before its id."""
    return ordered([("_id", identifier), *((name, value) for name, value in record.items() if name != "_id")])


def _column(domain: object) -> str:
    return domain if isinstance(domain, str) else orjson.dumps(domain).decode()


def _in_two_weeks() -> int:
    return int(time.time() * 1000) + _LIFE_MS
