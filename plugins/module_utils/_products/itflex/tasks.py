# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules about iTFLEX's email accounts do: options in, result out."""

from __future__ import annotations

import typing as t
from functools import partial

from ..._engine import result as report
from ..._engine import secret
from ..._engine.plan import Plan
from ..._engine.schema import InputError, Problem
from ..._engine.secret import Record, is_hidden
from ..._engine.shown import quoted
from ..._http.errors import quote
from ..._resource.base import (
    Context,
    connection_problems,
    given,
    password_check,
    raise_problems,
)
from ..._resource.interface import Params
from ..._resource.sending import Sending, recipient_problems
from ..._resource.write import Done, replanning
from .account import (
    FIELDS,
    SERVER_FIELDS,
    alike,
    ambiguity,
    checked_plan,
    creation_problems,
    desired_record,
    field_problems,
    find,
    identity,
    input_problems,
    is_default,
    sent_fields,
    shown_identity,
)
from .known_types import plan_warnings
from .product import ITFLEX
from .renaming import Undescribed, ambiguous, both_live, former_names, naming_problems
from .shown_fields import shown_field_problems
from .store import AccountStore
from .templates import used_problems

if t.TYPE_CHECKING:
    from ..._mail.send_failure import ProductWords

# With any of these, a test is about an account as the task describes it, and not about one that the server stores.
_INLINE = tuple(name for name in FIELDS if name not in ("name", "email", "password"))


def subject(params: Params) -> str:
    """What `email_account` is about."""
    name, value = shown_identity(params)
    if value is None:
        return "email_account"
    if name == "name":
        return f"email_account {quote(value)}"
    return f"email_account with {name} {quote(value)}"


def problems(params: Params) -> list[Problem]:
    """What is wrong with the options of `email_account`."""
    found = connection_problems(ITFLEX, params) + input_problems(params)
    return found + naming_problems(params) + shown_field_problems(params)


def ensure(params: Params, context: Context) -> dict[str, t.Any]:
    """`email_account`: bring one account to the described state. Returns the result."""
    about = subject(params)
    desired = desired_record(params)
    planned = partial(checked_plan, params, desired, about)
    with context.store(ITFLEX, params, about) as store:
        accounts = store.known()
        live = _the_one(accounts, params) or _renamed(accounts, params)
        if live is None and params["state"] == "present" and params["id"] is not None:
            advice = "no live account has it; leave id out to create one, the server chooses the id"
            raise InputError(about, [Problem("id", advice)])
        if live is None:
            _judge_alike(alike(accounts, params), params, about, context)
        plan = planned(live)
        _refuse_used(store, params, plan, live, about)
        stored = plan.after and {**given(live or {}, SERVER_FIELDS), **plan.after}
        rewritten = report.perhaps_rewritten(sent_fields(params, desired, live), plan) if context.check_mode else []
        for warning in plan_warnings(params, plan) + rewritten:
            context.warn(f"{about}: {warning}")
        if plan.action == "created":
            for hint in Undescribed(accounts).hint(about, desired, address_only=True):
                context.warn(hint)
        if plan.changed and not context.check_mode:
            done = store.apply(live["id"] if live else None, plan, replanning(plan, planned))
            plan, stored = done.plan, done.stored
            for warning in _warnings(store, done, sent_fields(params, desired, live), about, live, accounts):
                context.warn(warning)
    result = report.result(plan, about)
    if stored is not None:
        result["email_account"] = secret.omit(stored)
    if params["state"] == "present":
        result["password_check"] = password_check(
            params["update_password"], desired.get("password"), (live or {}).get("password"), exists=live is not None
        )
    return result


def _refuse_used(store: AccountStore, params: Params, plan: Plan, live: Record | None, about: str) -> None:
    """Refuse to delete an account that a template uses."""
    if live is not None and plan.action == "deleted":
        raise_problems(about, list(used_problems(store, params, [live["id"]]).values()))


def _judge_alike(found: list[Problem], params: Params, about: str, context: Context) -> None:
    """Refuse to create an account that looks like a live one, and warn where one that looks so stays."""
    if params["state"] == "present":
        raise_problems(about, found)
    for problem in found:
        context.warn(f"{about}: {problem}")


def _warnings(
    store: AccountStore, done: Done, wanted: Record, about: str, live: Record | None, accounts: t.Sequence[Record]
) -> list[str]:
    """What a user should know about a write of `wanted`, `live` and `accounts` being what was there before."""
    stored = done.stored
    if stored is None:
        return []
    warnings = []
    if live is not None and stored["id"] != live["id"]:
        warnings.append(f"{about} was deleted by another run meanwhile, and is created again: id {stored['id']}")
    warnings += [f"{about}: {text}" for text in report.stored_otherwise(wanted, stored)]
    if "default" in done.plan.changed_fields and is_default(done.plan.after) and any(map(is_default, accounts)):
        warnings += store.other_defaults(about, stored["id"])
    return warnings


def _the_one(accounts: t.Sequence[Record], params: Params) -> Record | None:
    """The live account that the options mean, `None` where there is none; an error where more than one fits."""
    found = find(accounts, params)
    if len(found) > 1:
        raise InputError(subject(params), [ambiguity(params, found)])
    if found and (former := _formerly(accounts, params)):
        raise InputError(subject(params), [both_live(params, former)])
    return found[0] if found else None


def _renamed(accounts: t.Sequence[Record], params: Params) -> Record | None:
    """The live account that has a name which the described one had before."""
    former = _formerly(accounts, params)
    if len(former) > 1:
        raise InputError(subject(params), [ambiguous(former)])
    return former[0] if former else None


def _formerly(accounts: t.Sequence[Record], params: Params) -> list[Record]:
    names = former_names(params)
    return [account for account in accounts if account["name"] in names]


def send_test_subject(params: Params) -> str:
    """What `email_account_test` is about."""
    return f"test message from the {subject(params)}"


def send_test_problems(params: Params) -> list[Problem]:
    """What is wrong with the options of `email_account_test`."""
    found = connection_problems(ITFLEX, params) + recipient_problems(params)
    if not _is_inline(params):
        return found + field_problems(params)
    if params["id"] is not None:
        found.append(Problem("id", "means a live account: give it without the account's other fields, or leave it out"))
    fields = {"name": params["email"], **given(params, FIELDS)}
    wrong = input_problems(fields)
    known = {problem.field for problem in wrong}
    return found + wrong + [problem for problem in creation_problems(fields) if problem.field not in known]


def _is_inline(params: Params) -> bool:
    """Whether the task describes the account itself, in more than what a live one is found by."""
    return any(params[name] is not None for name in _INLINE)


def send_test(params: Params, context: Context) -> dict[str, t.Any]:
    """`email_account_test`: ask the appliance to send a test message through an account."""
    about = send_test_subject(params)
    with context.store(ITFLEX, params, about) as store:
        account = _inline_account(params) if _is_inline(params) else _live_account(store, params, about, context)
        public = secret.omit(account or {})
        via = given(public, ("service", "smtp_server", "smtp_port", "smtp_crypt", "has_auth", "smtp_auth_mechanism"))
        sending = Sending(
            about,
            sender=public.get("email"),
            to_email=params["to_email"],
            via=via,
            host=via.get("smtp_server"),
            port=via.get("smtp_port"),
            product_words=_product_words,
        )
        if account is None:
            return sending.not_sent(_missing(params))
        if context.check_mode:
            return sending.not_sent()
        with sending.failures():
            store.send_test(account, params["to_email"])
    return sending.sent({})


def _product_words() -> ProductWords:
    from .mail_words import PRODUCT_WORDS

    return PRODUCT_WORDS


def _inline_account(params: Params) -> Record:
    flags = {"name": params["email"], "default": False, "service": "other", "has_auth": bool(params["password"])}
    return {**flags, **desired_record(params)}


def _missing(params: Params) -> str:
    name, value = identity(params)
    return f"no live account has {quoted(value, mailbox=name == 'email')}"


def _live_account(store: AccountStore, params: Params, about: str, context: Context) -> Record | None:
    """The account that a test is about; `None` where it is not there yet in check mode."""
    account = _the_one(store.read_all(), params)
    if account is None and context.check_mode:
        return None
    if account is None:
        advice = f"{_missing(params)}; to test one that is not stored yet, give its fields"
        raise InputError(about, [Problem(identity(params)[0], advice)])
    if params["password"] is not None:
        return {**account, **desired_record({"password": params["password"]})}
    if not account["has_auth"]:
        return {name: value for name, value in account.items() if name != "password"}
    if is_hidden(account.get("password")):
        raise InputError(about, [Problem("password", "is needed, since the server does not show the stored one")])
    return account
