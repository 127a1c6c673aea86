# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an email profile is, and what may become of it. Pure: no HTTP, no Ansible.

The traps that the plan guards against are those of the vendor's engine: a deletion erases all mail stored with the
profile, and a profile that is enabled and listens fetches the whole unread mailbox and runs its flow on each message.
"""

from __future__ import annotations

import typing as t

from ..._engine import schema
from ..._engine.plan import Plan, plan_absent, plan_present
from ..._engine.schema import Problem
from ..._engine.secret import Known, Record, wrap
from ..._resource.base import given
from ..._resource.interface import Params, less_kept_password

FIELDS: t.Final = (
    "name",
    "description",
    "schema",
    "enabled",
    "listen",
    "imap_host",
    "imap_port",
    "smtp_host",
    "smtp_port",
    "login",
    "password",
    "mailbox",
    "fetch_interval",
    "auth_type",
    "params",
)
OAUTH2: t.Final = ("client_id", "client_secret", "redirect_url")
AUTH_TYPES: t.Final = ("Plain", "OAuth2")
NEW: t.Final[Record] = {
    **dict.fromkeys(("description", "imap_host", "smtp_host", "login"), ""),
    "mailbox": "INBOX",
    "imap_port": 993,
    "smtp_port": 587,
    "fetch_interval": 60,
    "enabled": False,
    "listen": False,
    "auth_type": "Plain",
}
"""What the vendor's form begins with. A creation sends every field, since what is left out becomes zero, and an
interval of zero fetches every ten seconds."""
_CLEAR_IMAP_PORT: t.Final = 143
# Another one of these is another mailbox.
_OF_THE_MAILBOX: t.Final = ("imap_host", "imap_port", "login", "mailbox")

_CHECKS: t.Final = {
    "name": schema.title,
    "imap_host": schema.host,
    "smtp_host": schema.host,
    "imap_port": schema.port,
    "smtp_port": schema.port,
    "password": schema.password,
    "login": schema.one_line,
    "mailbox": schema.one_line,
}


def input_problems(params: Params) -> list[Problem]:
    """What is wrong with a description, as far as it shows without the live profile."""
    problems = schema.field_problems(given(params, _CHECKS), _CHECKS) + _secret_problems(params)
    flow = params.get("schema")
    if flow is not None and (flow.get("id") is None) == (flow.get("name") is None):
        both = " alone" if flow.get("id") is not None else ""
        problems.append(Problem("schema", f"needs one of id and name{both}, to say which flow handles the mail"))
    elif flow is not None and flow.get("name") is not None and not flow["name"].strip():
        problems.append(Problem("schema.name", "must not be empty"))
    interval = params.get("fetch_interval")
    if interval is not None and interval < 1:
        problems.append(Problem("fetch_interval", f"must be at least 1 second, not {interval}"))
    return problems


def _secret_problems(params: Params) -> list[Problem]:
    """What is wrong with secrets: the server shows none, so nobody would see that an empty one took its place."""
    found = schema.field_problems(given(_oauth2(params), ("client_secret",)), {"client_secret": schema.password})
    problems = [Problem(f"params.oauth2.{problem.field}", problem.message) for problem in found]
    secrets = {"password": params.get("password"), "params.oauth2.client_secret": _oauth2(params).get("client_secret")}
    empty = "is empty: give it, or leave it out to keep what is stored"
    return problems + [Problem(path, empty) for path, value in secrets.items() if value == ""]


def _oauth2(params: Params) -> Params:
    return (params.get("params") or {}).get("oauth2") or {}


def desired_record(params: Params, known: Known) -> Record:
    """The record that the options describe; what is not given is not in it. Of its texts those `known` may be shown."""
    record = given(params, FIELDS)
    if "schema" in record:
        record["schema"] = {name: str(value) for name, value in given(record["schema"], ("id", "name")).items()}
    record.pop("params", None)
    oauth2 = given(_oauth2(params), OAUTH2)
    if oauth2:
        record["params"] = {"oauth2": oauth2}
    return t.cast(Record, wrap(record, known))


def make_plan(params: Params, live: Record | None, desired: Record) -> Plan:
    """What has to be done about one profile; `live` is `None` where there is none."""
    if params["state"] == "absent":
        return plan_absent(live)
    if live is None:
        return plan_present(None, {**NEW, **desired})
    return plan_present(live, less_kept_password(params, desired, live))


def plan_problems(params: Params, plan: Plan, desired: Record) -> list[Problem]:
    """Why a plan must not be carried out: what a creation lacks, and what would destroy or consume mail."""
    if not plan.changed:
        return []
    if plan.after is None:
        return deletion_problems(params)
    problems = []
    if plan.before is None:
        problems += [
            Problem(name, "is needed to create a profile") for name in ("name", "schema") if not desired.get(name)
        ]
        # Mostly a look-up that found nothing; the server would take it for a profile that neither sends nor logs in.
        problems += [
            Problem(name, "is empty: give it, or leave it out")
            for name in ("smtp_host", "imap_host", "login")
            if desired.get(name) == ""
        ]
    return problems + fetch_problems(params, plan)


def plan_warnings(params: Params, plan: Plan) -> list[str]:
    """What a user should look at before a plan is carried out: IMAP is always TLS from the first byte."""
    if not plan.changed or plan.after is None or params.get("imap_port") != _CLEAR_IMAP_PORT:
        return []
    advice = "servers begin in clear there, and Webitel begins with TLS on every port: give port 993"
    return [f"imap_port is {_CLEAR_IMAP_PORT}: {advice}"]


def fetch_problems(params: Params, plan: Plan) -> list[Problem]:
    """Why a profile must not begin to fetch, where nobody said that its mailbox may be consumed."""
    if params.get("fetch_existing_mail") or not _begins_to_fetch(plan):
        return []
    message = (
        "with enabled=true fetches the whole unread mailbox, and runs the flow on each message; say "
        "fetch_existing_mail=true if that is meant"
    )
    return [Problem("listen", message)]


def deletion_problems(params: Params) -> list[Problem]:
    """Why profiles must not be deleted, where nobody said that their mail may go."""
    if params.get("erase_stored_mail"):
        return []
    message = (
        "a deletion erases all mail stored with the profile, and the server does not tell how many messages there are; "
        "say erase_stored_mail=true if that is meant"
    )
    return [Problem("erase_stored_mail", message)]


def _begins_to_fetch(plan: Plan) -> bool:
    """Whether the profile fetches mail afterwards that it did not fetch before."""
    before, after = plan.before or {}, plan.after or {}
    if not _fetches(after):
        return False
    return not _fetches(before) or any(before.get(name) != after.get(name) for name in _OF_THE_MAILBOX)


def _fetches(profile: Record) -> bool:
    return bool(profile.get("enabled") and profile.get("listen"))
