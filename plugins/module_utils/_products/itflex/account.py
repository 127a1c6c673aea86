# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An iTFLEX email account: its fields, how one is found, what may be asked of it, how desired and live make a plan.

A record has the wire's own field names, with `has_auth` for the authentication flag whichever of its two names the
server uses, and with its secrets wrapped.
"""

from __future__ import annotations

import typing as t

from ..._engine import schema
from ..._engine.harmless import host, plain_text, word
from ..._engine.plan import Plan, plan_absent, plan_present, update
from ..._engine.schema import Problem
from ..._engine.secret import Known, Record, Secret, is_hidden, wrap
from ..._resource.base import given
from ..._resource.interface import Params, less_kept_password

FIELDS = (
    "default",
    "name",
    "email",
    "service",
    "has_auth",
    "password",
    "smtp_server",
    "smtp_port",
    "smtp_crypt",
    "smtp_auth_mechanism",
)
CHOICES: t.Final = {
    "service": ("gmail", "outlook", "other"),
    "smtp_crypt": ("none", "ssl-tls", "starttls"),
    "smtp_auth_mechanism": ("plain", "login", "cram-md5"),
}
_TLS_PORT = "465"
_STARTTLS_PORTS = ("25", "587", "2525")
SERVER_FIELDS = ("id", "created_at", "updated_at")
IDENTITIES = ("id", "name", "email")


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


def desired_record(params: Params) -> Record:
    """The record that the options describe; what is not given is not in it."""
    return t.cast(Record, wrap(given(params, FIELDS), SHOWN))


_CHECKS: t.Final = {
    "name": schema.title,
    "email": schema.address,
    "password": schema.password,
    "smtp_server": schema.host,
    "smtp_port": schema.port,
}


def field_problems(params: Params) -> list[Problem]:
    """What is wrong with single fields."""
    return schema.field_problems(given(params, _CHECKS), _CHECKS)


def input_problems(params: Params) -> list[Problem]:
    """What is wrong with the described record, as far as it shows without the live one."""
    problems = field_problems(params)
    if params.get("state") != "absent" and params.get("has_auth") is False:
        problems += _unused_mechanism(params)
    return problems


def _unused_mechanism(fields: Params) -> list[Problem]:
    if not fields.get("smtp_auth_mechanism"):
        return []
    return [Problem("smtp_auth_mechanism", "is given, but has_auth is false: without authentication there is none")]


def creation_problems(fields: Record) -> list[Problem]:
    """What the fields lack for a new account."""
    problems = [Problem(name, "is needed to create an account") for name in ("name", "email") if not fields.get(name)]
    if fields.get("has_auth") and not fields.get("password"):
        problems.append(Problem("password", "is needed to create an account with has_auth"))
    if fields.get("smtp_server") == "":
        problems.append(Problem("smtp_server", "is empty: give it, or leave it out"))
    if fields.get("smtp_auth_mechanism") and not (fields.get("has_auth") or fields.get("password")):
        problems.append(Problem("smtp_auth_mechanism", "is given, but neither has_auth nor a password"))
    return problems


def is_as_described(params: Params, live: Record) -> bool:
    """Whether a live account is to the letter what the options describe, so that no plan is needed for it.

    Where this says no, `make_plan` may still find nothing to do, since it knows what else means the same. Most of the
    accounts of a large fleet are unchanged, and for them this takes a tenth of the time.
    """
    if params["state"] != "present":
        return False
    return {**live, **given(params, FIELDS)} == live


def make_plan(params: Params, live: Record | None, desired: Record) -> Plan:
    """What has to be done about one account; `live` is `None` where there is none."""
    if params["state"] == "absent":
        return plan_absent(live)
    if live is None:
        flags = {"default": False, "service": "other", "has_auth": bool(desired.get("password"))}
        return plan_present(None, {**flags, **desired})
    plan = plan_present(live, less_kept_password(params, desired, live))
    return drop_unused_password(plan, desired)


def plan_removal(live: Record | None) -> Plan:
    """The plan that an account goes; `live` is `None` where it is not there."""
    return plan_absent(without_server_fields(live))


def without_server_fields(account: Record | None) -> Record | None:
    """An account without what the server alone sets; `None` stays."""
    return account and {name: value for name, value in account.items() if name not in SERVER_FIELDS}


def plan_problems(_params: Params, plan: Plan, desired: Record) -> list[Problem]:
    """Why a plan must not be carried out: what a creation lacks, what contradicts the live record or destroys it."""
    if plan.after is None or not plan.changed:
        return []
    if plan.before is None:
        return creation_problems(desired)
    problems = [] if plan.after.get("has_auth") else _unused_mechanism(desired)
    password = plan.after.get("password")
    if is_hidden(password):
        problems.append(
            Problem(
                "password",
                "the server does not show the password that it stores, and an update replaces the whole record, so "
                f"changing {', '.join(plan.changed_fields)} could destroy it; give it too, with update_password=always",
            )
        )
    elif plan.after.get("has_auth") and desired.get("password") == "":
        problems.append(Problem("password", "is empty, but has_auth is true: give one, or has_auth=false"))
    elif plan.after.get("has_auth") and not plan.before.get("has_auth") and not isinstance(password, Secret):
        problems.append(Problem("password", "is needed to switch has_auth on"))
    return problems


def drop_unused_password(plan: Plan, desired: Record) -> Plan:
    """The plan without a hidden password where there should be no authentication: nobody needs one kept for it."""
    if not (plan.changed and desired.get("has_auth") is False and is_hidden((plan.after or {}).get("password"))):
        return plan
    after = {name: value for name, value in (plan.after or {}).items() if name != "password"}
    return update(t.cast(Record, plan.before), after)


def plan_warnings(params: Params, plan: Plan) -> list[str]:
    """What a user should look at before a plan is carried out: TLS from the beginning has a port of its own."""
    # The other one may be live: half a move from one port to another is a slip.
    is_asked_for = params.get("smtp_port") is not None or params.get("smtp_crypt") is not None
    account = plan.after if is_asked_for and plan.changed and plan.after is not None else {}
    port, crypt = str(account.get("smtp_port")), account.get("smtp_crypt")
    if crypt == "ssl-tls" and port in _STARTTLS_PORTS:
        advice = "servers begin in clear there, and mostly no connection comes about: give starttls, or port 465"
    elif crypt in ("starttls", "none") and port == _TLS_PORT:
        advice = "servers begin with TLS there, and mostly say nothing in clear: give ssl-tls, or port 587"
    else:
        return []
    return [f"smtp_crypt is {crypt} with port {port}: {advice}"]


def is_default(account: Record | None) -> bool:
    """Whether an account is the appliance's default one."""
    return bool(account and account.get("default"))


def other_defaults(accounts: t.Iterable[Record], account_id: int) -> list[str]:
    """Warnings about a new default account of this id, one for each other that the server keeps as one."""
    return [
        f"is now a default account, and so is still {other['name']} (id {other['id']}): this server keeps more than "
        "one. Describe the other with default=false"
        for other in accounts
        if is_default(other) and other["id"] != account_id
    ]


def listed(account: Record) -> str:
    """A live account in words."""
    return f"id {account['id']} ({account['name']}, {account.get('email')})"
