# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SMTP settings of a domain as a kind of record: what the common tasks need to know of them."""

from __future__ import annotations

import typing as t

from ..._engine.looks import alike_message
from ..._engine.plan import Plan
from ..._engine.schema import Problem
from ..._engine.secret import Record
from ..._engine.shown import shown
from ..._resource.base import password_check
from ..._resource.interface import Params, Resource
from .domains import spelled_by_server, spelled_otherwise
from .known_types import RECORD
from .product import WEBITEL
from .settings import (
    desired_record,
    empty_problem_at,
    input_problems,
    is_text,
    make_plan,
    password_of,
    plan_problems,
    plan_warnings,
    sent_fields,
)
from .shown_fields import SECRETS, SHOWN, opened

if t.TYPE_CHECKING:
    from ..._resource.exported import Exported, SecretField
    from ..._resource.interface import Warn
    from .store import SettingsStore


def _spelled_as_listed(
    _store: SettingsStore, entries: t.Sequence[Record], listed: t.Sequence[Record]
) -> list[tuple[Record, list[Problem]]]:
    """The entries, with a problem for each whose domain the server lists in another spelling: it would be pruned."""
    spellings = spelled_by_server([entry["domain"] for entry in entries], [record["domain"] for record in listed])
    return [
        (entry, [Problem("domain", spelled_otherwise(domain, spellings[domain]))] if domain in spellings else [])
        for entry in entries
        for domain in (entry["domain"],)
    ]


def _creation_problems(
    store: SettingsStore, planned: t.Sequence[tuple[Record, Plan]], warn: Warn
) -> list[list[Problem]]:
    """Why settings must not be created: the server lacks their domain, or has settings of it in another spelling."""
    created = [entry for entry, plan in planned if plan.action == "created"]
    asked = [entry["domain"] for entry in created if entry["unknown_domain"] == "fail"]
    reasons = store.unknown_domains(asked, warn)
    if not reasons:
        alike = ((entry["domain"], store.alike(entry["domain"])) for entry in created)
        advice = "Write it as the server has it"
        reasons = {domain: alike_message(domain, other, advice) for domain, other in alike if other is not None}
    return [
        [Problem("domain", reasons[entry["domain"]])] if plan.action == "created" and entry["domain"] in reasons else []
        for entry, plan in planned
    ]


def _password_check(params: Params, desired: Record, live: Record | None) -> str:
    # Nothing can be compared with a text.
    exists = live is not None and not is_text(live)
    return password_check(params["update_password"], password_of(desired), password_of(live), exists=exists)


def _live_warnings(record: Record) -> list[str]:
    if not is_text(record):
        return []
    text = (
        f"email_settings of {record['domain']}: the options are a text, a URL that may hold a password, and are not "
        "shown; email_settings replaces it with options of their own where replace=true"
    )
    return [text]


def _fold(_name: str, domain: str) -> str:
    # Case tells domains apart on the server, a final dot is of no use there.
    return domain.rstrip(".")


def _exported(records: t.Sequence[Record], secrets: t.Sequence[t.Sequence[SecretField]]) -> list[Exported]:
    # Imported late: a task that writes exports nothing.
    from .export import exported_settings

    return exported_settings(records, secrets)


EMAIL_SETTINGS: t.Final = Resource(
    product=WEBITEL,
    kind="email_settings",
    plural="email_settings",
    option="settings",
    label="email_settings of",
    entry={
        **dict.fromkeys(("domain", "description", "from", "options")),
        "provider": "smtp",
        "replace": False,
        "state": "present",
        "update_password": "always",
        "unknown_domain": "fail",
    },
    server_fields=(),
    has_other_fields=True,
    name="domain",
    key="domain",
    called_by=("domain",),
    list_options={"domain": "domains"},
    shown=lambda _name, domain: shown(domain),
    fold=_fold,
    problems=input_problems,
    resolve=_spelled_as_listed,
    desired=desired_record,
    plan=make_plan,
    plan_problems=plan_problems,
    empty_problem=empty_problem_at,
    server_problems=_creation_problems,
    plan_warnings=plan_warnings,
    sent_fields=sent_fields,
    exported=_exported,
    write_only="options.auth.pass",
    password_check=_password_check,
    harmless=SHOWN,
    secrets=SECRETS,
    opened=opened,
    kinds=RECORD,
    live_warnings=_live_warnings,
)
