# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A test message through an iTFLEX email account: options in, result out."""

from __future__ import annotations

import typing as t

from ..._engine import secret
from ..._engine.schema import InputError, Problem
from ..._engine.secret import Record, is_hidden
from ..._resource.base import Context, connection_problems, given, raise_problems
from ..._resource.index import Index
from ..._resource.interface import Params
from ..._resource.planning import said, subject
from ..._resource.sending import Sending, recipient_problems
from .account import FIELDS, creation_problems, desired_record, field_problems, identity, input_problems
from .product import ITFLEX
from .resource import EMAIL_ACCOUNT as ACCOUNTS
from .store import AccountStore

if t.TYPE_CHECKING:
    from ..._mail.send_failure import ProductWords

# With any of these, a test is about an account as the task describes it, and not about one that the server stores.
_INLINE = tuple(name for name in FIELDS if name not in ("name", "email", "password"))


def send_test_subject(params: Params) -> str:
    """What `email_account_test` is about."""
    return f"test message from the {subject(ACCOUNTS, params)}"


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
    return f"no live account has {said(ACCOUNTS, *identity(params))}"


def _live_account(store: AccountStore, params: Params, about: str, context: Context) -> Record | None:
    """The account that a test is about; `None` where it is not there yet in check mode."""
    found = Index(ACCOUNTS, store.read_anew()).find(params)
    raise_problems(about, found.problems)
    account = found.records[0] if found.records else None
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
