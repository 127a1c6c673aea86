# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings about the login at an SMTP server."""

from __future__ import annotations

import typing as t

from .._mail.smtp_diagnosis import smtp_failure
from .._mail.smtp_link import MECHANISMS, Offer, Reply
from .._mail.smtp_probe import Encryption, NotTried, Observation, Session, Step
from .facts import Configuration, Facts, Finding

LOGGED_IN = 235
_WITH_TOKEN = "XOAUTH2"
_APPLICATION_PASSWORD = "make a password for applications at the mail service, and give it as {password}"
_ADVICE_OF_SERVICE: t.Final = {
    "application_password_wanted": _APPLICATION_PASSWORD,
    "browser_wanted": f"log in there once with a browser, or {_APPLICATION_PASSWORD}",
    "login_switched_off": (
        "let the administrator of the mail service allow it (in Microsoft 365: SMTP AUTH), or use another server"
    ),
}


def login_findings(settings: Configuration, facts: Facts) -> t.Iterator[Finding]:
    """What is wrong with the login, or why it was not tried."""
    observation = facts.observation
    if not settings.wants_login or observation is None or not observation.session.greeted:
        return
    session = observation.session
    offer = session.after_tls or session.before_tls
    if offer is not None:
        yield from _mechanisms(settings, observation, offer)
    if not settings.password:
        message = "no password was given, so the login was not tried"
        yield Finding("login_not_tried", "info", settings.words.password, message)
    elif session.login is not None:
        yield from _refused(settings, session, session.login)
    elif session.failure is not None and session.failure.step is Step.LOGIN:
        message = f"the login breaks off: {settings.quote(session.failure.reason)}"
        yield Finding("login_broken_off", "error", settings.words.server, message, "let the server's log say why")
    elif session.not_tried in (NotTried.IN_CLEAR, NotTried.UNVERIFIED):
        message = f"the login was not tried: no password goes where {session.not_tried.value}"
        yield Finding("login_not_tried", "info", settings.words.password, message)
    elif session.not_tried is NotTried.NO_MECHANISM and settings.mechanism == _WITH_TOKEN:
        message = f"the login was not tried: {_WITH_TOKEN} takes a token, not a password"
        yield Finding("login_not_tried", "info", settings.words.mechanism, message)


def _mechanisms(settings: Configuration, observation: Observation, offer: Offer) -> t.Iterator[Finding]:
    field, wanted, offered = settings.words.mechanism, settings.mechanism, offer.mechanisms
    when = "" if observation.session.after_tls is None else " after TLS"
    if not offered:
        message, advice = f"the server offers no login{when}", "let the server offer one, or switch the login off"
        upgraded = observation.upgraded
        if upgraded is not None and upgraded.after_tls is not None and upgraded.after_tls.mechanisms:
            message, advice = f"{message} in clear, but after STARTTLS", settings.change_to(Encryption.STARTTLS)
        yield Finding("login_not_offered", "error", field, message, advice)
        return
    usable = [name for name in MECHANISMS if name in offered]
    known = wanted is None or wanted in (*MECHANISMS, _WITH_TOKEN)
    if known and (wanted in offered or (wanted is None and usable)):
        return
    message = f"the server offers {settings.mechanism_names(offered)}{when}"
    if wanted is not None:
        message = f"{message}, but {field} is {settings.words.mechanism_name(wanted)}"
    if not known:
        message = f"{message}, which the product does not know"
    if usable:
        advice = f"set {field} to {settings.mechanism_names(usable[:1])}"
    else:
        advice = f"let the server offer one of {settings.mechanism_names(MECHANISMS)}"
    yield Finding("mechanism_not_offered", "error", field, message, advice)


def _refused(settings: Configuration, session: Session, reply: Reply) -> t.Iterator[Finding]:
    if reply.code == LOGGED_IN:
        return
    words = settings.words
    name = words.mechanism_name(session.mechanism or "")
    message = f"the server refuses the login of {settings.user} with {name} ({settings.quote(reply)})"
    yield Finding("login_refused", "error", words.password, message, _advice(settings, reply))


def _advice(settings: Configuration, reply: Reply) -> str:
    """What to do about a refusal, from its code (RFC 4954, RFC 5248), and from words that well-known services use."""
    if 400 <= reply.code < 500:
        return "the server calls this temporary, so try again later, and look into its log if it stays"
    failure = smtp_failure([{"msg": str(reply)}], settings.port)
    cause = (failure.cause if failure else None) or ""
    if cause == "encryption_required":
        return f"the server wants TLS for this, so {settings.change_to(Encryption.STARTTLS)}"
    if cause == "mechanism_not_offered" and reply.code == 534 and settings.preset is None:
        return f"the server wants a stronger mechanism, so change {settings.words.mechanism}"
    words = _ADVICE_OF_SERVICE.get(cause, "correct {user} and {password}")
    advice = words.format(user=settings.words.user, password=settings.words.password)
    return f"{advice}. {settings.preset.about_passwords}" if settings.preset else advice
