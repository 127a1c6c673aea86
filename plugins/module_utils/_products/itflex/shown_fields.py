# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which texts of an account are harmless: the fields on the vendor's page, less the password."""

from __future__ import annotations

import typing as t

from ..._engine.harmless import host, plain_text, word
from ..._engine.secret import Known


def _any_text(_text: str) -> bool:
    """An account is found and reported by its name, whatever that is."""
    return True


SHOWN: t.Final[Known] = {
    "name": _any_text,
    "email": plain_text,
    "smtp_server": host,
    **dict.fromkeys(("id", "default", "service", "has_auth", "hash_auth"), word),
    **dict.fromkeys(("smtp_port", "smtp_crypt", "smtp_auth_mechanism"), word),
    **dict.fromkeys(("created_at", "updated_at"), plain_text),
}
