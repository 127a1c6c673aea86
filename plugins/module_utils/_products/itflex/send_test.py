# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`email_account_test`: a test message through an account, be it live or described by the task itself."""

from __future__ import annotations

import typing as t
from functools import partial

from ..._engine.schema import InputError, Problem
from ..._engine.secret import Record, is_hidden
from ..._resource import sending
from ..._resource.base import given
from ..._resource.interface import Params
from ..._resource.planning import said
from ..._resource.sending import Message
from ..._resource.spec import ModuleSpec
from .account import FIELDS, creation_problems, desired_record, field_problems, input_problems
from .options import ACCOUNT, itflex
from .resource import EMAIL_ACCOUNT as ACCOUNTS

if t.TYPE_CHECKING:
    from ..._mail.send_failure import ProductWords

# With any of these, a test is about an account as the task describes it, and not about one that the server stores.
_INLINE = tuple(name for name in FIELDS if name not in ("name", "email", "password"))
_VIA = ("service", "smtp_server", "smtp_port", "smtp_crypt", "has_auth", "smtp_auth_mechanism")


def _is_inline(params: Params) -> bool:
    """Whether the task describes the account itself, in more than what a live one is found by."""
    return any(params[name] is not None for name in _INLINE)


def _problems(params: Params) -> list[Problem]:
    if not _is_inline(params):
        return field_problems(params)
    advice = "means a live account: give it without the account's other fields, or leave it out"
    found = [Problem("id", advice)] if params["id"] is not None else []
    fields = {"name": params["email"], **given(params, FIELDS)}
    wrong = input_problems(fields)
    known = {problem.field for problem in wrong}
    return found + wrong + [problem for problem in creation_problems(fields) if problem.field not in known]


def _described(params: Params) -> Record | None:
    if not _is_inline(params):
        return None
    flags = {"name": params["email"], "default": False, "service": "other", "has_auth": bool(params["password"])}
    return {**flags, **desired_record(params)}


def _completed(params: Params, account: Record, about: str) -> Record:
    """A live account with the password that the task gives, or without one where it needs none."""
    if params["password"] is not None:
        return {**account, **desired_record({"password": params["password"]})}
    if not account["has_auth"]:
        return {name: value for name, value in account.items() if name != "password"}
    if is_hidden(account.get("password")):
        raise InputError(about, [Problem("password", "is needed, since the server does not show the stored one")])
    return account


def _words() -> ProductWords:
    from .mail_words import PRODUCT_WORDS

    return PRODUCT_WORDS


_MESSAGE: t.Final = Message(
    problems=_problems,
    missing=lambda params: f"no live account has {said(ACCOUNTS, *ACCOUNTS.identity(params))}",
    advice="to test one that is not stored yet, give its fields",
    via=lambda account: given(account, _VIA),
    host="smtp_server",
    port="smtp_port",
    sender="email",
    words=_words,
    described=_described,
    completed=_completed,
)

EMAIL_ACCOUNT_TEST: t.Final = ModuleSpec(
    itflex({**ACCOUNT, "to_email": {"type": "str", "required": True}}),
    partial(sending.subject, ACCOUNTS),
    partial(sending.problems, ACCOUNTS, _MESSAGE),
    partial(sending.send_test, ACCOUNTS, _MESSAGE),
    required_one_of=(("id", "name", "email"),),
)
