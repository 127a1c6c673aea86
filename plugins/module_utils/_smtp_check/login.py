# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings about the login at an SMTP server."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._mail.explanation import change_for, lowered
from .._mail.reply_text import AUTH
from .._mail.smtp_link import MECHANISMS, Offer
from .._mail.smtp_reader import Reply
from .._mail.smtp_session import Encryption, Failure, NotTried, Observation, Session, Step
from .facts import Configuration, Facts, Finding
from .masked import masked_in
from .replies import judged, refusal

if t.TYPE_CHECKING:
    from .._mail.judge import Judgement

_WITH_TOKEN = "XOAUTH2"
_TOKENS: t.Final = frozenset({"XOAUTH2", "XOAUTH", "OAUTHBEARER"})
# What Go's library keeps back without TLS, unless the server is one of these.
_IN_TLS: t.Final = ("PLAIN", _WITH_TOKEN)
_THE_MACHINE: t.Final = ("localhost", "127.0.0.1", "::1")
# Refusals that are about another option than the password, by their cause: its name in `Words`.
_OTHER_FIELDS: t.Final = {
    "mechanism_not_offered": "mechanism",
    "login_not_offered": "mechanism",
    "encryption_required": "mode",
}


def login_findings(settings: Configuration, facts: Facts) -> t.Iterator[Finding]:
    """What is wrong with the login, or why it was not tried."""
    observation = facts.observation
    if not settings.wants_login or observation is None or not observation.session.greeted:
        return
    session = observation.session
    of_offer: list[Finding] = []
    offer = session.after_tls or session.before_tls
    # Where TLS did not begin, what was offered in clear says nothing of the login.
    if offer is not None and not (session.failure and session.failure.step in (Step.STARTTLS, Step.TLS, Step.HELLO)):
        of_offer = [_as_tried(settings, session, finding) for finding in _mechanisms(settings, observation, offer)]
        yield from of_offer
        if kept_back(settings, session, offer):
            yield _needs_tls(settings, kept_back(settings, session, offer))
    if not settings.password:
        message = "no password was given, so the login was not tried"
        yield Finding("login_not_tried", "info", settings.words.password, message)
    elif session.login is not None:
        proved = [finding.code for finding in of_offer if finding.proved]
        yield from (found for found in _refused(settings, session, session.login) if found.cause not in proved)
    elif session.failure is not None and session.failure.step is Step.LOGIN:
        yield _broken_off(settings, session.failure)
    elif session.not_tried in (NotTried.IN_CLEAR, NotTried.UNVERIFIED):
        message = f"the login was not tried: no password goes where {session.not_tried.value}"
        yield Finding("login_not_tried", "info", settings.words.password, message)
    elif session.not_tried is NotTried.NO_MECHANISM and settings.mechanism == _WITH_TOKEN:
        message = f"the login was not tried: {_WITH_TOKEN} takes a token, not a password"
        yield Finding("login_not_tried", "info", settings.words.mechanism, message)


def _mechanisms(settings: Configuration, observation: Observation, offer: Offer) -> t.Iterator[Finding]:
    field, wanted, offered = settings.words.mechanism, settings.mechanism, offer.mechanisms
    when = "" if observation.session.after_tls is None else " after TLS"
    if not offered and masked_in(observation.session):
        # The same firewall may have written over the offer, or the server makes it in TLS alone.
        return
    if not offered:
        message, advice = f"the server offers no login{when}", "let the server offer one, or switch the login off"
        upgraded = observation.upgraded
        if upgraded is not None and upgraded.after_tls is not None and upgraded.after_tls.mechanisms:
            message, advice = f"{message} in clear, but after STARTTLS", settings.change_to(Encryption.STARTTLS)
        yield Finding("login_not_offered", "error", field, message, advice)
        return
    usable = [name for name in MECHANISMS if name in offered]
    if wanted != _WITH_TOKEN and _TOKENS.issuperset(offered):
        message = f"the server offers {settings.mechanism_names(offered)}{when} alone, which take a token, no password"
        advice = lowered(change_for("login_switched_off", settings.words.mail))
        yield Finding("login_switched_off", "error", field, message, advice)
        return
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


def _as_tried(settings: Configuration, session: Session, finding: Finding) -> Finding:
    """A finding about the offer, with what became of a login that the product makes all the same."""
    if session.accepted:
        message = f"{finding.message}, yet it takes the login that the product makes"
        return replace(finding, severity="warning", message=message, proved=True)
    if session.login is None:
        return finding
    judgement = judged(settings, session.login, AUTH)
    if judgement.cause != finding.code:
        return finding
    message = f"{finding.message} ({settings.quote(session.login)})"
    return replace(finding, message=message, proved=True, cause=judgement.cause, decided_by=judgement.decided_by)


def kept_back(settings: Configuration, session: Session, offer: Offer) -> str:
    """The mechanism that the product would log in with if there were TLS; empty where it logs in, or tries to."""
    chosen = settings.mechanism or settings.ways.mechanism_for(None, offer.mechanisms) or ""
    needs_tls = settings.plain_in_tls and chosen in _IN_TLS and settings.host not in _THE_MACHINE
    return chosen if needs_tls and session.tls is None else ""


def _needs_tls(settings: Configuration, mechanism: str) -> Finding:
    message = f"the product makes this login ({mechanism}) over TLS alone, and the server offers none"
    advice = "use a server, or a port of it, that speaks TLS"
    return Finding("login_needs_tls", "error", settings.words.mode, message, advice)


def _broken_off(settings: Configuration, failure: Failure) -> Finding:
    words, reason = settings.words, settings.quote(failure.reason)
    if failure.cause == "digest_unavailable":
        advice = "change that on this host, or check from another one; it says nothing of the server, or of the product"
        return Finding("digest_unavailable", "error", words.mechanism, f"the login was not tried: {reason}", advice)
    return Finding(
        "login_broken_off", "error", words.server, f"the login breaks off: {reason}", "let the server's log say why"
    )


def _refused(settings: Configuration, session: Session, reply: Reply) -> t.Iterator[Finding]:
    words = settings.words
    name = words.mechanism_name(session.mechanism or "")
    if session.mechanism == "LOGIN" and words.login_prompts:
        yield from _prompts(settings, session)
    if session.accepted:
        return
    message = f"the server refuses the login of {settings.user} with {name} ({settings.quote(reply)})"
    judgement = judged(settings, reply, AUTH)
    field: str = getattr(words, _OTHER_FIELDS.get(judgement.cause or "", "password"))
    yield refusal(settings, "login_refused", field, message, judgement, _advice(settings, judgement))


def _prompts(settings: Configuration, session: Session) -> t.Iterator[Finding]:
    """A finding where the server asks for the user name or the password in words that the product does not take."""
    words = settings.words
    for index, asked in enumerate(session.prompts):
        taken = words.login_prompts[index]
        if asked != taken:
            asks = settings.quote(asked) or "without a word"
            message = f"the server asks {asks} in the dialogue of LOGIN; the product takes {taken} alone"
            advice = lowered(change_for("login_prompt_unknown", words.mail))
            yield Finding("login_prompt_unknown", "error", words.mechanism, message, advice, "login_prompt_unknown")
            return


def _advice(settings: Configuration, judgement: Judgement) -> str:
    """What to do about a refusal where the settings say more than its cause does; else nothing."""
    if judgement.cause == "encryption_required":
        return f"the server wants TLS for this, so {settings.change_to(Encryption.STARTTLS)}"
    if judgement.reply.code == 534 and judgement.cause == "mechanism_not_offered" and settings.preset is None:
        return f"the server wants a stronger mechanism, so change {settings.words.mechanism}"
    return ""
