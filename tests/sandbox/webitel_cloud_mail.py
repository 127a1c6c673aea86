# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The mail that belongs to email profiles: unread, fetched and stored, and what else refers to a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .webitel_cloud_tables import Row, rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .store import Database


class Mail:
    """Unread and stored mail, and references."""

    def __init__(self, database: Database) -> None:
        """Use ``database``."""
        self._database = database

    def fetch(self) -> None:
        """Do what the call-flow server does: fetch and store all that is unread where a profile listens.

        The real one does so every `fetch_interval`; here it is part of the write, so that tests need not wait.
        """
        self._database.execute(
            "INSERT INTO webitel_cloud_mails (subject, profile_id, flow_id)"
            " SELECT subject, profile_id, flow_id FROM webitel_cloud_fetched"
        )
        self._database.execute("DELETE FROM webitel_cloud_unread WHERE id IN (SELECT id FROM webitel_cloud_fetched)")

    def add_unread(self, imap_host: str, login: str, mailbox: str, subjects: Iterable[str]) -> None:
        """Put messages into a mailbox; they are fetched at once where a profile listens to it."""
        for subject in subjects:
            self._database.execute(
                "INSERT INTO webitel_cloud_unread (imap_host, login, mailbox, subject) VALUES (?, ?, ?, ?)",
                *(imap_host, login, mailbox, subject),
            )
        self.fetch()

    def unread(self) -> list[Row]:
        """Return what lies unread in all mailboxes."""
        return rows(
            self._database.execute("SELECT imap_host, login, mailbox, subject FROM webitel_cloud_unread ORDER BY id")
        )

    def add_stored(self, profile_id: int, subjects: Iterable[str]) -> None:
        """Store messages with a profile."""
        for subject in subjects:
            self._database.execute(
                "INSERT INTO webitel_cloud_mails (subject, profile_id) VALUES (?, ?)", subject, profile_id
            )

    def stored(self) -> list[Row]:
        """Return all stored messages; ``flow_id`` is the flow that ran on a fetched one."""
        return rows(self._database.execute("SELECT profile_id, subject, flow_id FROM webitel_cloud_mails ORDER BY id"))

    def add_reference(self, profile_id: int, name: str) -> None:
        """Let something refer to a profile, which cannot be deleted any more."""
        self._database.execute("INSERT INTO webitel_cloud_references VALUES (?, ?)", name, profile_id)
