# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`email_settings_test`: a test message from the settings that a server stores for a domain."""

from __future__ import annotations

import typing as t
from contextlib import contextmanager

from ..._engine import secret
from ..._engine.schema import InputError, Problem
from ..._engine.secret import Record
from ..._engine.shown import shown
from ..._http.errors import ApiError, ApiStatusError, ConnectionFailed
from ..._resource.base import Context, connection_problems, given
from ..._resource.interface import Params
from ..._resource.planning import subject as record_subject
from ..._resource.sending import Sending, SendingFailed, recipient_problems
from .nodemailer import transport_of
from .product import WEBITEL
from .resource import EMAIL_SETTINGS
from .settings import input_problems

if t.TYPE_CHECKING:
    from ..._mail.send_failure import ProductWords


def subject(params: Params) -> str:
    """What `email_settings_test` is about."""
    return f"test message from the {record_subject(EMAIL_SETTINGS, params)}"


def problems(params: Params) -> list[Problem]:
    """What is wrong with the options of `email_settings_test`."""
    return connection_problems(WEBITEL, params) + input_problems(params) + recipient_problems(params)


def send_test(params: Params, context: Context) -> dict[str, t.Any]:
    """`email_settings_test`: ask the server to send a test message from a domain's stored settings."""
    domain, to_email, about = params["domain"], params["to_email"], subject(params)
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
