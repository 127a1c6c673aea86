# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts that the templates of an appliance's messages send through, which therefore must not go.

What an appliance does when such an account is deleted is not documented, so it is not tried.
"""

from __future__ import annotations

import typing as t

from ..._engine.schema import Problem
from ..._engine.secret import Record
from ..._resource.interface import Params
from .store import AccountStore

_MOST_NAMED = 10


def used_problems(store: AccountStore, params: Params, account_ids: t.Collection[int]) -> dict[int, Problem]:
    """Why accounts must not be deleted, for those of these ids that a template uses.

    The appliance is asked only where there is an account to delete, and the task does not say `remove_in_use`.
    """
    if params["remove_in_use"] or not account_ids:
        return {}
    users: dict[str, list[Record]] = {}
    for template in store.templates():
        users.setdefault(template["email_account_id"], []).append(template)
    return {number: Problem("", _used_by(users[str(number)])) for number in account_ids if str(number) in users}


def _used_by(templates: t.Sequence[Record]) -> str:
    named = ", ".join(template["label"] for template in templates[:_MOST_NAMED])
    more = f" and {len(templates) - _MOST_NAMED} more" if len(templates) > _MOST_NAMED else ""
    kind = "template" if len(templates) == 1 else "templates"
    return (
        f"is used by the email {kind} {named}{more}, so it is not deleted. Let the {kind} use another account first, "
        "or give remove_in_use=true to delete it all the same"
    )
