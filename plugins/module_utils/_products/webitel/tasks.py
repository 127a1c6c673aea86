# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules about Webitel's email settings do: options in, result out."""

from __future__ import annotations

import typing as t
from contextlib import contextmanager
from functools import partial

from ..._engine import result as report
from ..._engine import secret
from ..._engine.names import alike_message
from ..._engine.schema import InputError, Problem
from ..._engine.secret import Record
from ..._engine.secret_fields import secret_fields
from ..._engine.shown import shown
from ..._http.errors import ApiError, ApiStatusError, ConnectionFailed, quote
from ..._resource.base import (
    Context,
    connection_problems,
    given,
    matches,
    not_there_yet,
    password_check,
    raise_problems,
    typed_filter_problems,
)
from ..._resource.interface import Params
from ..._resource.sending import Sending, SendingFailed, recipient_problems
from ..._resource.typed import doubts
from ..._resource.write import replanning
from .known_types import typed_filters
from .nodemailer import transport_of
from .product import WEBITEL
from .settings import checked_plan, described, desired_record, input_problems, is_text, password_of, plan_warnings
from .shown_fields import shown_field_problems, shown_fields

if t.TYPE_CHECKING:
    from ..._mail.send_failure import ProductWords
    from .store import SettingsStore


def subject(params: Params) -> str:
    """What `email_settings` is about."""
    return f"email_settings of {quote(shown(params['domain'] or 'a domain'))}"


def problems(params: Params) -> list[Problem]:
    """What is wrong with the options of `email_settings`."""
    return connection_problems(WEBITEL, params) + input_problems(params) + shown_field_problems(params)


def ensure(params: Params, context: Context) -> dict[str, t.Any]:
    """`email_settings`: bring the settings of one domain to the described state. Returns the result."""
    domain, about = params["domain"], subject(params)
    desired = desired_record(params, shown_fields(params))
    planned = partial(checked_plan, params, desired, about)
    with context.store(WEBITEL, params, about) as store:
        live = store.read(domain)
        plan = planned(live)
        stored = plan.after
        if plan.action == "created" and params["unknown_domain"] == "fail":
            unknown = store.unknown_domains([domain], lambda text: context.warn(f"{about}: {text}"))
            raise_problems(about, [Problem("domain", reason) for reason in unknown.values()])
        if plan.action == "created":
            _refuse_alike(store, domain, about)
        rewritten = report.perhaps_rewritten(described(plan, desired), plan) if context.check_mode else []
        for warning in plan_warnings(params, plan) + rewritten:
            context.warn(f"{about}: {warning}")
        if plan.changed and not context.check_mode:
            done = store.apply(domain, plan, replanning(plan, planned))
            plan, stored = done.plan, done.stored
            if stored is not None:
                for warning in report.stored_otherwise(described(plan, desired), stored):
                    context.warn(f"{about}: {warning}")
    result = report.result(plan, about)
    if stored is not None:
        result["email_settings"] = {**secret.omit(stored), "domain": domain}
    if params["state"] == "present":
        result["password_check"] = password_check(
            params["update_password"],
            password_of(desired),
            password_of(live),
            exists=live is not None and not is_text(live),
        )
    return result


def _refuse_alike(store: SettingsStore, domain: str, about: str) -> None:
    other = store.alike(domain)
    if other is not None:
        message = alike_message(domain, other, "Write it as the server has it")
        raise InputError(about, [Problem("domain", message)])


def info_subject(_params: Params) -> str:
    """What `email_settings_info` is about."""
    return "email_settings_info"


def info_problems(params: Params) -> list[Problem]:
    """What is wrong with the options of `email_settings_info`."""
    found = connection_problems(WEBITEL, params) + shown_field_problems(params)
    found += typed_filter_problems(typed_filters(params["filters"]), shown_fields(params))
    for index, domain in enumerate(params["domains"] or []):
        found += [Problem(f"domains[{index}]", problem.message) for problem in input_problems({"domain": domain})]
    return found


def info(params: Params, context: Context) -> dict[str, t.Any]:
    """`email_settings_info`: the settings of the given domains, or of all that the credentials can reach."""
    domains, records, filters = params["domains"], [], typed_filters(params["filters"])
    for warning in doubts(filters):
        context.warn(warning)
    with context.store(WEBITEL, params, info_subject(params)) as store:
        for domain in store.domain_names("name them with domain") if domains is None else domains:
            live = store.read(domain)
            if live is not None:
                records.append({**live, "domain": domain})
            elif context.check_mode and domains is not None:
                context.warn(not_there_yet(info_subject(params), f"settings are those of {shown(domain)}"))
    found = [record for record in records if matches(secret.omit(record), filters.data)]
    for record in found:
        if is_text(record):
            context.warn(
                f"email_settings of {record['domain']}: the options are a text, a URL that may hold a password, and "
                "are not shown; email_settings replaces it with options of their own where replace=true"
            )
    return {
        "changed": False,
        "email_settings": [secret.omit(record) for record in found],
        "secret_fields": [secret_fields(record) for record in found],
    }


def send_test_subject(params: Params) -> str:
    """What `email_settings_test` is about."""
    return f"test message from the {subject(params)}"


def send_test_problems(params: Params) -> list[Problem]:
    """What is wrong with the options of `email_settings_test`."""
    return connection_problems(WEBITEL, params) + input_problems(params) + recipient_problems(params)


def send_test(params: Params, context: Context) -> dict[str, t.Any]:
    """`email_settings_test`: ask the server to send a test message from a domain's stored settings."""
    domain, to_email, about = params["domain"], params["to_email"], send_test_subject(params)
    with context.store(WEBITEL, params, about) as store:
        live = store.read(domain)
        if live is None and not context.check_mode:
            raise InputError(about, [Problem("domain", "has no email settings; create them with email_settings")])
        public = secret.omit(live or {})
        via = given(transport_of(public), ("host", "port", "secure"))
        sending = Sending(
            about,
            sender=public.get("from"),
            to_email=to_email,
            via=via,
            host=via.get("host"),
            port=via.get("port"),
            product_words=_product_words,
        )
        if live is None:
            return sending.not_sent(f"{shown(domain)} has no email settings")
        if context.check_mode:
            return sending.not_sent()
        with sending.failures(), _unanswered():
            info = store.send_test(domain, live, to_email)
    answer: Record = {name: info[name] for name in ("accepted", "rejected", "response", "messageId") if name in info}
    if answer.get("rejected"):
        raise SendingFailed(sending, f"the SMTP server rejects {', '.join(answer['rejected'])}", {"answer": answer})
    return sending.sent(answer)


@contextmanager
def _unanswered() -> t.Iterator[None]:
    """Let the error of a test send that gets no answer say what that means on this server."""
    try:
        yield
    except ApiError as exc:
        # A gateway that gave up waiting has no words of the server.
        gave_up = isinstance(exc, ApiStatusError) and exc.status == 504 and not exc.errors
        if gave_up or (isinstance(exc, ConnectionFailed) and exc.sent):
            exc.advice = (
                "This server gives no answer where the SMTP server drops the connection: it tries again for ever, and "
                "the message may have been handed over several times. Look into the mailbox, and at the SMTP server "
                "with email_settings_check, before another try; to wait longer changes nothing"
            )
        raise


def _product_words() -> ProductWords:
    from .mail_words import PRODUCT_WORDS

    return PRODUCT_WORDS
