# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which texts of an email profile are harmless: the documented fields, less the password and the client's secret."""

from __future__ import annotations

import typing as t

from ..._engine.harmless import host, plain_text, word
from ..._engine.secret import Known


def _any_text(_text: str) -> bool:
    """A profile is found and reported by its name, and a flow by its own, whatever that is."""
    return True


_LOOKUP: t.Final[Known] = {"id": word, "name": plain_text}
SECRETS: t.Final = ("password", "params.oauth2.client_secret")

SHOWN: t.Final[Known] = {
    "name": _any_text,
    "schema": {"id": word, "name": _any_text},
    **dict.fromkeys(("imap_host", "smtp_host"), host),
    **dict.fromkeys(("id", "auth_type", "state", "imap_port", "smtp_port", "fetch_interval"), word),
    **dict.fromkeys(("description", "login", "mailbox", "fetch_error"), plain_text),
    **dict.fromkeys(("created_at", "updated_at", "activity_at"), word),
    **dict.fromkeys(("created_by", "updated_by"), _LOOKUP),
    "params": {"oauth2": {"client_id": plain_text, "redirect_url": plain_text}},
}
