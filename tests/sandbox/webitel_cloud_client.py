# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plants and looks at what today's Webitel has, from a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Document = dict[str, Any]


class WebitelCloud:
    """The control API below `webitel_cloud`. Ids are numbers here, and texts in the vendor's answers."""

    def __init__(self, control: Callable[..., Any]) -> None:
        """Send requests with ``control``, which is ``Sandbox.control``."""
        self._control = control

    def profiles(self) -> list[Document]:
        """Return the stored profiles of all domains by their columns, passwords included."""
        found: list[Document] = self._get("profiles")
        return found

    def add_profiles(self, profiles: list[Document], **domain: str) -> list[int]:
        """Store profiles unchecked, given by their columns; return their ids."""
        ids: list[int] = self._control("POST", "webitel_cloud/profiles", profiles, **domain)
        return ids

    def sender(self, name: str, **domain: str) -> Document | None:
        """Return the profile that a flow sends with which names it, or ``None``."""
        found: Document | None = self._get("sender", name=name, **domain)
        return found

    def add_schema(self, name: str, **domain: str) -> int:
        """Make a flow; return its id."""
        return int(self._post("schemas", name=name, **domain))

    def token(self, *, rights: Sequence[str] = ("create", "read", "update", "delete"), **domain: str) -> str:
        """Make a token; return it."""
        return str(self._post("tokens", rights=list(rights), **domain))

    def mails(self) -> list[Document]:
        """Return the stored mail of all profiles."""
        found: list[Document] = self._get("mails")
        return found

    def add_mails(self, profile_id: int, *subjects: str) -> None:
        """Store mail with a profile."""
        self._post("mails", profile_id=profile_id, subjects=list(subjects))

    def unread(self) -> list[str]:
        """Return the subjects of what lies unread in all mailboxes."""
        return [mail["subject"] for mail in self._get("unread")]

    def add_unread(self, imap_host: str, login: str, mailbox: str, *subjects: str) -> None:
        """Put mail into a mailbox at a mail server."""
        self._post("unread", imap_host=imap_host, login=login, mailbox=mailbox, subjects=list(subjects))

    def refer(self, profile_id: int, name: str) -> None:
        """Let something refer to a profile, which cannot be deleted any more."""
        self._post("references", profile_id=profile_id, name=name)

    def catch_up(self) -> None:
        """Let the replica see everything that was written so far."""
        self._post("catch_up")

    def _get(self, path: str, **parameters: str) -> Any:
        return self._control("GET", f"webitel_cloud/{path}", **parameters)

    def _post(self, path: str, **document: object) -> Any:
        return self._control("POST", f"webitel_cloud/{path}", document)
