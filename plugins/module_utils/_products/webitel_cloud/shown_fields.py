# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which texts of an email profile are harmless: the documented fields, less the password and the client's secret."""

from __future__ import annotations

import typing as t
from functools import lru_cache

from ..._engine.harmless import host, opening_problems, plain_text, with_opened, word
from ..._engine.schema import Problem
from ..._engine.secret import Known
from ..._resource.interface import Params


def _any_text(_text: str) -> bool:
    """A profile is found and reported by its name, and a flow by its own, whatever that is."""
    return True


_LOOKUP: t.Final[Known] = {"id": word, "name": plain_text}
_SECRETS: t.Final = ("password", "params.oauth2.client_secret")

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


def shown_field_problems(params: Params) -> list[Problem]:
    """What is wrong with the option `shown_fields`."""
    return opening_problems(params.get("shown_fields") or (), _SECRETS)


def shown_fields(params: Params) -> Known:
    """The paths whose texts may be shown: those that are known, and those that the task opens."""
    return _with_opened(tuple(params.get("shown_fields") or ()))


@lru_cache(maxsize=8)
def _with_opened(paths: tuple[str, ...]) -> Known:
    return with_opened(SHOWN, paths)
