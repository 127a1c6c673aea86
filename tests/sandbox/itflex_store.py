# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the iTFLEX side remembers: accounts, access tokens and the refresh token."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .store import Database

Account = dict[str, Any]
USERNAME = "integrator"


def now() -> str:
    """Return the time as the vendor writes it: ISO 8601 with microseconds and an offset."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class ItflexStore:
    """The iTFLEX tables. The authentication flag is always stored as ``has_auth``."""

    def __init__(self, database: Database) -> None:
        """Use ``database``, and give it the fixed tokens when it is new."""
        self._database = database
        self.access_token = database.fixed_credential("itflex_access_token")
        self.refresh_token = database.fixed_credential("itflex_refresh_token")
        self.password = database.fixed_credential("itflex_password")
        if database.one("SELECT 1 FROM itflex_refresh_tokens") is None:
            self._restore_fixed_tokens()

    def account(self, account_id: int) -> Account | None:
        """Return the stored account, or ``None``."""
        row = self._database.one("SELECT id, record FROM itflex_accounts WHERE id = ?", account_id)
        return None if row is None else self._load(row)

    def accounts(self) -> list[Account]:
        """Return every stored account, in the order of the ids."""
        rows = self._database.execute("SELECT id, record FROM itflex_accounts ORDER BY id")
        return [self._load(row) for row in rows]

    def name_taken(self, name: str, except_id: int | None) -> bool:
        """Say whether an account other than ``except_id`` has this name."""
        found = self._database.one("SELECT 1 FROM itflex_accounts WHERE name = ? AND id IS NOT ?", name, except_id)
        return found is not None

    def add(self, account: Account) -> Account:
        """Store a new account, with the ``id`` it carries or the next one; return it as stored."""
        record = {"created_at": now(), "updated_at": now(), **account}
        if "hash_auth" in record:
            record["has_auth"] = record.pop("hash_auth")
        account_id = record.pop("id", None)
        cursor = self._database.execute(
            "INSERT INTO itflex_accounts (id, record) VALUES (?, ?)", account_id, orjson.dumps(record).decode()
        )
        return {"id": cursor.lastrowid, **record}

    def add_all(self, accounts: Iterable[Account]) -> list[int]:
        """Store many accounts at once; return their ids."""
        with self._database.transaction():
            return [self.add(account)["id"] for account in accounts]

    def replace(self, account_id: int, account: Account) -> Account:
        """Store ``account`` instead of what ``account_id`` had; return it as stored."""
        self._database.execute(
            "UPDATE itflex_accounts SET record = ? WHERE id = ?", orjson.dumps(account).decode(), account_id
        )
        return {"id": account_id, **account}

    def delete(self, account_id: int) -> bool:
        """Remove the account; say whether there was one."""
        return self._database.execute("DELETE FROM itflex_accounts WHERE id = ?", account_id).rowcount == 1

    def unmake_defaults(self, except_id: int) -> None:
        """Take ``default`` from every account but ``except_id``."""
        self._database.execute(
            "UPDATE itflex_accounts SET record = json_set(record, '$.default', json('false'))"
            " WHERE is_default = 1 AND id != ?",
            except_id,
        )

    def templates(self) -> list[dict[str, Any]]:
        """Return every template of a message, in the order of the ids."""
        rows = self._database.execute("SELECT id, record FROM itflex_templates ORDER BY id")
        return [self._load(row) for row in rows]

    def add_template(self, template: dict[str, Any]) -> dict[str, Any]:
        """Store a template; return it as stored."""
        record = {**template, "created_at": now(), "updated_at": now()}
        cursor = self._database.execute(
            "INSERT INTO itflex_templates (record) VALUES (?)", orjson.dumps(record).decode()
        )
        return {"id": cursor.lastrowid, **record}

    def accepts(self, access_token: str) -> bool:
        """Say whether the access token is known and its time is not over."""
        row = self._database.one("SELECT expires FROM itflex_access_tokens WHERE token = ?", access_token)
        return row is not None and (row[0] is None or float(str(row[0])) > time.time())

    def refresh_access_token(self, refresh_token: str, *, seconds: int, rotate: bool) -> tuple[str, str] | None:
        """Return a new access token and the refresh token to use next, or ``None`` for an unknown refresh token."""
        if self._database.one("SELECT 1 FROM itflex_refresh_tokens WHERE token = ?", refresh_token) is None:
            return None
        if rotate:
            refresh_token = secrets.token_hex(32)
            self._database.execute("UPDATE itflex_refresh_tokens SET token = ?", refresh_token)
        return self._new_access_token(seconds), refresh_token

    def log_in(self, username: object, password: object, *, seconds: int) -> tuple[str, str] | None:
        """Return a new access token and a refresh token, or ``None`` for a wrong name or password."""
        if (username, password) != (USERNAME, self.password):
            return None
        row = self._database.one("SELECT token FROM itflex_refresh_tokens")
        assert row is not None
        return self._new_access_token(seconds), str(row[0])

    def _new_access_token(self, seconds: int) -> str:
        access_token = secrets.token_hex(32)
        self._database.execute("INSERT INTO itflex_access_tokens VALUES (?, ?)", access_token, time.time() + seconds)
        return access_token

    def expire_tokens(self) -> None:
        """End every access token; the fixed one comes back with ``reset`` only."""
        self._database.execute("DELETE FROM itflex_access_tokens")

    def reset(self) -> None:
        """Forget accounts, templates and fetched tokens, count ids from 1 again, and restore the fixed tokens."""
        self._database.execute("DELETE FROM itflex_accounts")
        self._database.execute("DELETE FROM itflex_templates")
        self._database.execute("DELETE FROM sqlite_sequence WHERE name IN ('itflex_accounts', 'itflex_templates')")
        self._database.execute("DELETE FROM itflex_access_tokens")
        self._database.execute("DELETE FROM itflex_refresh_tokens")
        self._restore_fixed_tokens()

    def _restore_fixed_tokens(self) -> None:
        self._database.execute("INSERT INTO itflex_access_tokens VALUES (?, NULL)", self.access_token)
        self._database.execute("INSERT INTO itflex_refresh_tokens VALUES (?)", self.refresh_token)

    @staticmethod
    def _load(row: Any) -> Account:
        return {"id": row[0], **orjson.loads(row[1])}
