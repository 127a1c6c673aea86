# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that a check can find: what it is about, what it means, and how the check comes to know it."""

from __future__ import annotations

import typing as t

Evidence = t.Literal["proved", "read"]
"""Proved: the check tried it with this server, and saw it. Read: somebody says so, such as the settings, the DNS, what
the server offers, or the words of its reply."""

PROVED: t.Final = "proved"
READ: t.Final = "read"


class Kind(t.NamedTuple):
    """A kind of finding: where it belongs, how it comes to be known, and what it means."""

    about: str
    evidence: Evidence
    meaning: str


_WAY, _CERTIFICATE, _LOGIN = "The way to the server", "The certificate", "The login"
_SENDER, _SETTINGS = "The sender's domain", "The settings themselves"
_MAILBOX = "The mailbox"

FINDINGS: t.Final[dict[str, Kind]] = {
    "host_unknown": Kind(_WAY, PROVED, "The name of the server has no address."),
    "unreachable": Kind(_WAY, PROVED, "Nothing takes a connection on the port."),
    "address_unreachable": Kind(_WAY, PROVED, "One of several addresses does not answer."),
    "no_smtp": Kind(_WAY, PROVED, "Something takes the connection, and does not speak SMTP."),
    "another_protocol": Kind(_WAY, PROVED, "The port speaks another protocol, which is named with its first words."),
    "no_greeting": Kind(_WAY, PROVED, "Nothing greets within the timeout, neither in clear nor in TLS."),
    "turned_away": Kind(_WAY, PROVED, "The server greets with a refusal."),
    "broken_off": Kind(_WAY, PROVED, "The conversation ends before the login."),
    "tls_from_first_byte": Kind(_WAY, PROVED, "The port speaks TLS from the first byte, the settings do not."),
    "clear_at_first": Kind(_WAY, PROVED, "The port begins in clear, the settings say TLS from the first byte."),
    "starttls_not_offered": Kind(_WAY, READ, "The settings want STARTTLS, and the server does not offer it."),
    "starttls_masked": Kind(_WAY, READ, "Something in between has written `XXXXXXXA` over the server's offer."),
    "starttls_refused": Kind(_WAY, PROVED, "The server offers STARTTLS, and refuses it."),
    "tls_failed": Kind(_WAY, PROVED, "The handshake of TLS fails."),
    "tls_too_old": Kind(_WAY, PROVED, "The server speaks only TLS that is refused today: version, cipher or key."),
    "not_encrypted": Kind(_WAY, READ, "Mail, or the password, crosses the network in clear."),
    "tls_not_required": Kind(_WAY, READ, "TLS is used only as long as the server offers it."),
    "unusual_port": Kind(_WAY, READ, "The port is not one that goes with the encryption."),
    "certificate_expired": Kind(_CERTIFICATE, PROVED, "It has expired."),
    "certificate_not_yet_valid": Kind(_CERTIFICATE, PROVED, "It is not valid yet."),
    "certificate_expires_soon": Kind(_CERTIFICATE, READ, "It expires within three weeks."),
    "certificate_other_name": Kind(_CERTIFICATE, PROVED, "It is for another server."),
    "certificate_self_signed": Kind(_CERTIFICATE, PROVED, "It is signed by itself alone."),
    "certificate_unknown_authority": Kind(_CERTIFICATE, PROVED, "The host that checks does not know its authority."),
    "certificate_too_weak": Kind(_CERTIFICATE, PROVED, "Its key or its signature is too weak, or one above it."),
    "certificate_refused": Kind(_CERTIFICATE, PROVED, "OpenSSL refuses it for another reason."),
    "verification_off": Kind(_CERTIFICATE, READ, "It is good, but the settings would take any other."),
    "login_not_offered": Kind(_LOGIN, READ, "The server offers no login."),
    "login_switched_off": Kind(_LOGIN, READ, "The server takes tokens (OAuth 2) and no passwords."),
    "mechanism_not_offered": Kind(_LOGIN, READ, "The server does not offer, or does not take, the mechanism."),
    "login_needs_tls": Kind(_LOGIN, READ, "The product makes this login over TLS alone, and there is none."),
    "login_prompt_unknown": Kind(_LOGIN, PROVED, "The server asks in words that the product does not take."),
    "login_refused": Kind(_LOGIN, PROVED, "The server refuses the login. Its reply tells the cause."),
    "login_broken_off": Kind(_LOGIN, PROVED, "The connection ends during the login."),
    "digest_unavailable": Kind(_LOGIN, PROVED, "The host that checks allows no MD5, so it cannot try CRAM-MD5."),
    "login_not_tried": Kind(_LOGIN, READ, "The login was not tried, for the reason that is given."),
    "sender_domain_unknown": Kind(_SENDER, READ, "The DNS does not know it."),
    "mx_missing": Kind(_SENDER, READ, "It has no MX record."),
    "mx_null": Kind(_SENDER, READ, "It says that it takes no mail."),
    "spf_missing": Kind(_SENDER, READ, "It has no SPF record."),
    "spf_several": Kind(_SENDER, READ, "It has several SPF records, which counts as an error."),
    "spf_invalid": Kind(_SENDER, READ, "Its SPF record is an error to those who check it."),
    "spf_dead_end": Kind(_SENDER, READ, "Its SPF record leads to a domain that has none, or several."),
    "spf_too_many_lookups": Kind(_SENDER, READ, "Its SPF record takes more than ten look-ups, which is an error."),
    "spf_void_lookups": Kind(_SENDER, READ, "Its SPF record has more than two look-ups that find nothing."),
    "spf_for_all": Kind(_SENDER, READ, "Its SPF record lets everybody send for it, perhaps by way of another record."),
    "spf_open_end": Kind(_SENDER, READ, "Its SPF record does not say what counts for servers that it does not name."),
    "spf_ignored_term": Kind(_SENDER, READ, "A part of its SPF record is without effect."),
    "spf_ptr": Kind(_SENDER, READ, "Its SPF record has `ptr`, which the standard says not to publish."),
    "spf_unanswered": Kind(_SENDER, READ, "The DNS did not tell all that its SPF record leads to."),
    "spf_macro": Kind(_SENDER, READ, "A part of its SPF record depends on the message, and was not judged."),
    "dns_unanswered": Kind(_SENDER, READ, "The DNS did not tell about it."),
    "imap_unreachable": Kind(_MAILBOX, PROVED, "No IMAP over TLS comes about on the port."),
    "imap_another_protocol": Kind(_MAILBOX, PROVED, "The port speaks another protocol, which is named."),
    "imap_turned_away": Kind(_MAILBOX, PROVED, "The server greets with a refusal."),
    "imap_login_not_offered": Kind(_MAILBOX, READ, "The server does not offer the login that the product makes."),
    "imap_login_refused": Kind(_MAILBOX, PROVED, "Nobody is let in. The server's words tell the cause."),
    "imap_login_not_tried": Kind(_MAILBOX, READ, "The login was not tried, for the reason that is given."),
    "imap_broken_off": Kind(_MAILBOX, PROVED, "The conversation ends after the login."),
    "mailbox_missing": Kind(_MAILBOX, PROVED, "There is no folder of this name."),
    "mailbox_unread": Kind(_MAILBOX, PROVED, "There is unread mail, which the product would fetch all at once."),
    "assumed": Kind(_SETTINGS, READ, "A setting is not given, and the check takes a usual value."),
    "contradiction": Kind(_SETTINGS, READ, "Two settings contradict one another."),
    "read_otherwise": Kind(_SETTINGS, READ, "The product reads a setting otherwise than it looks."),
    "not_read_by_all": Kind(_SETTINGS, READ, "Another program of the product, which sends mail too, reads less."),
    "preset_other_server": Kind(_SETTINGS, READ, "The server is none that the mail service documents."),
    "preset_other_way": Kind(_SETTINGS, READ, "Port and encryption are not those that the mail service documents."),
}
"""By the code of the finding, in the order of a check."""


def evidence_of(code: str) -> Evidence:
    """How the check comes to know what a finding says, unless the finding itself says otherwise."""
    return FINDINGS[code].evidence
