# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The other side of settings that fetch mail as well: a look at the IMAP server, with what does not fit there.

TLS from the first byte and a login with the command LOGIN, or with a token, are what such a product does.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._mail.imap_account import Account
from .._mail.imap_failure import ADVICE
from .._mail.imap_probe import NO_LOGIN, ImapObservation, look_at_imap
from .._mail.imap_step import MailboxError, ServerClosed
from .._mail.password import Password
from .._resource.interface import Params
from .._resource.mail_server import quote_answer
from .facts import Finding, Part

_TOKEN: t.Final = "AUTH=XOAUTH2"
_MOST_FOLDERS = 20
_MOST_CAPABILITIES = 100


@dataclass(frozen=True)
class MailboxSettings:
    """Where mail is fetched, and with whose login. `names` are the product's own for these fields, by ours.

    `with_token` where the login takes a token that only the product has. `noted` is what there is to say about the
    settings before anything is asked.
    """

    host: str
    port: int
    folder: str
    user: str
    password: Password = field(repr=False)
    with_token: bool
    names: t.Mapping[str, str]
    noted: tuple[Finding, ...] = ()

    def quote(self, text: object) -> str:
        """Words of a server, fit for a result; they are left out where they repeat a secret in some form."""
        return quote_answer(text, self.user, self.password)


def mailbox_looked_at(settings: MailboxSettings, params: Params) -> Part:
    """What the look at an IMAP server yields; `params` are the options that all checks share."""
    tries_login = bool(params["log_in"] and settings.password and not settings.with_token)
    account = Account(
        host=settings.host,
        port=settings.port,
        encryption="tls",
        username=settings.user,
        password=settings.password,
        validate_certs=True,
        ca_path=params["ca_path"],
        timeout=params["timeout"],
        by_command=True,
    )
    seen = look_at_imap(account, settings.folder, log_in=tries_login)
    findings = (
        *settings.noted,
        *_failure(settings, seen),
        *_login(settings, seen, tries=tries_login),
        *_folder(settings, seen),
    )
    # To look through a server's words for secrets takes its time.
    data = _data(settings, seen)
    return Part(findings, tuple(_lines(settings, seen, data)), {"imap_server": data})


def _failure(settings: MailboxSettings, seen: ImapObservation) -> t.Iterator[Finding]:
    error = seen.failure
    if error is None:
        return
    words = f": {settings.quote(error.words)}" if error.words else ""
    reason, advice = f"{error.reason}{words}".rstrip("."), _advice(settings, error)
    where, names = f"the IMAP server {settings.host}:{settings.port}", settings.names
    if seen.capabilities is None and isinstance(error, ServerClosed):
        message = f"{where} turns this host away: {reason}"
        yield Finding("imap_turned_away", "error", names["host"], message, advice, cause=error.kind)
    elif seen.capabilities is None and error.kind == "another_protocol":
        message = f"port {settings.port} of {settings.host} is none of IMAP over TLS: {reason}"
        yield Finding("imap_another_protocol", "error", names["port"], message, advice, cause=error.kind)
    elif seen.capabilities is None:
        message = f"{where} is not reached over TLS: {reason}"
        yield Finding("imap_unreachable", "error", names["host"], message, advice, cause=error.kind)
    elif not seen.logged_in:
        message = f"{where} refuses the login: {reason}"
        yield Finding("imap_login_refused", "error", names["password"], message, advice, cause=error.kind)
    else:
        message = f"{where} breaks off, and it could not {error.step}: {reason}"
        yield Finding("imap_broken_off", "error", names["host"], message, advice, cause=error.kind)


def _advice(settings: MailboxSettings, error: MailboxError) -> str:
    """What to do, in the product's names: those of `ADVICE` are of a module that takes other options."""
    names = settings.names
    credentials = f"{names['user']} and {names['password']}"
    own = {
        "connection": f"check {names['host']} and {names['port']}; the port has to speak TLS from the first byte, as "
        "993 does, with a certificate that is good for this name",
        "another_protocol": f"set {names['port']} to the port for IMAP over TLS, which is mostly 993",
        "encryption_required": f"set {names['port']} to the port for IMAP over TLS, which is mostly 993",
        "credentials": f"check {credentials}; some services want a password made for programs",
        "login_refused": f"check {credentials}, and the server's log",
        "login_not_offered": f"check {names['port']}; the server's administrator knows how programs may log in",
        "limit": "raise the server's limit",
        "mailbox": "let the server's log say why",
    }
    advice = error.advice if error.is_clear else own.get(error.kind) or ADVICE.get(error.kind, "")
    return advice[:1].lower() + advice[1:]


def _login(settings: MailboxSettings, seen: ImapObservation, *, tries: bool) -> t.Iterator[Finding]:
    if seen.capabilities is None:
        return
    if settings.with_token and _TOKEN not in seen.capabilities:
        message = "the IMAP server does not offer XOAUTH2, with which the product logs in"
        yield Finding("imap_login_not_offered", "error", settings.names["mechanism"], message, "use a password")
    elif not settings.with_token and NO_LOGIN in seen.capabilities:
        message = "the IMAP server does not allow the command LOGIN, with which the product logs in"
        advice = "let the server's administrator allow it over TLS"
        yield Finding("imap_login_not_offered", "error", settings.names["mechanism"], message, advice)
    if tries:
        return
    why = "the login takes a token, which only the product has" if settings.with_token else "no password was given"
    if settings.password and not settings.with_token:
        why = "log_in is false"
    yield Finding("imap_login_not_tried", "info", settings.names["password"], f"no login was tried at IMAP: {why}")


def _folder(settings: MailboxSettings, seen: ImapObservation) -> t.Iterator[Finding]:
    """What there is to say about the folder, where the look came so far."""
    field_name, folder = settings.names["folder"], settings.quote(settings.folder)
    if seen.folders is not None and seen.folder is None:
        there = ", ".join(map(settings.quote, sorted(seen.folders)[:_MOST_FOLDERS]))
        message = f"the mailbox of {settings.user} has no folder {folder}"
        yield Finding("mailbox_missing", "error", field_name, message, f"set {field_name} to one of: {there or 'none'}")
    if seen.unread:
        message = f"unread messages in {folder}: {seen.unread}, which the product fetches all where it fetches mail"
        yield Finding("mailbox_unread", "info", field_name, message)


def _data(settings: MailboxSettings, seen: ImapObservation) -> dict[str, t.Any]:
    offered = seen.capabilities
    return {
        "host": settings.host,
        "port": settings.port,
        "capabilities": None if offered is None else [settings.quote(one) for one in offered[:_MOST_CAPABILITIES]],
        "login": {"tried": seen.logged_in is not None, "accepted": seen.logged_in},
        "mailbox": settings.folder,
        "exists": None if seen.folders is None else seen.folder is not None,
        "unread": seen.unread,
    }


def _lines(settings: MailboxSettings, seen: ImapObservation, data: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    if data["capabilities"] is not None:
        yield f"IMAP server {settings.host}:{settings.port} offers: {', '.join(data['capabilities']) or 'nothing'}"
    if seen.logged_in:
        yield f"login as {settings.user} at IMAP: accepted"
    if seen.unread is not None:
        yield f"unread messages in {settings.quote(settings.folder)}: {seen.unread}"
