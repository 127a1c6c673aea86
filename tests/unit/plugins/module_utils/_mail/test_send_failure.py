# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the words of products, libraries and mail servers are taken for, and what they are not taken for."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._mail.cause_texts import MAY_PASS, TEXTS, WAITS
from ansible_collections.mailfleet.email.plugins.module_utils._mail.causes import CAUSES
from ansible_collections.mailfleet.email.plugins.module_utils._mail.explanation import change_for, explained
from ansible_collections.mailfleet.email.plugins.module_utils._mail.judge import judge
from ansible_collections.mailfleet.email.plugins.module_utils._mail.send_failure import send_failure
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex import mail_words as itflex
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel import mail_words as webitel

ALL_REJECTED = "Can't send mail - all recipients were rejected"
WORDS = [
    # Nodemailer: the connection.
    ("getaddrinfo ENOTFOUND mail.example.com", "host_unknown"),
    ("queryA EAI_AGAIN mail.example.com", "host_unknown"),
    ("connect ECONNREFUSED 127.0.0.1:465", "connection_refused"),
    ("connect EHOSTUNREACH 192.0.2.1:465", "unreachable"),
    ("connect ETIMEDOUT 192.0.2.1:465", "no_answer"),
    ("Connection timeout", "no_answer"),
    ("Timeout", "no_answer"),
    ("Greeting never received", "no_greeting"),
    ("Invalid greeting from server: 554 5.7.1 no: 554 5.7.1 no", "greeting_refused"),
    ("Invalid greeting. response=554 mx.example.com: 554 mx.example.com", "greeting_refused"),
    ("Connection closed unexpectedly", "connection_lost"),
    ("read ECONNRESET", "connection_lost"),
    # TLS, in the words of Node and OpenSSL.
    (
        "write EPROTO 40:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:record.c:354:",
        "no_tls_at_port",
    ),
    ("Error upgrading connection with STARTTLS", "starttls_not_offered"),
    ("Error upgrading connection with STARTTLS: 502 5.5.1 Error: command not implemented", "starttls_not_offered"),
    ("certificate has expired", "certificate_expired"),
    ("certificate is not yet valid", "certificate_not_yet_valid"),
    ("self signed certificate", "certificate_self_signed"),
    ("self-signed certificate; code DEPTH_ZERO_SELF_SIGNED_CERT", "certificate_self_signed"),
    ("self-signed certificate in certificate chain", "certificate_of_unknown_authority"),
    ("unable to verify the first certificate", "certificate_of_unknown_authority"),
    (
        "Hostname/IP does not match certificate's altnames: Host: localhost. is not in the cert's altnames: DNS:x",
        "certificate_of_another_name",
    ),
    ("C0:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:", "tls_failed"),
    # The login.
    ("Invalid login: 535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6", "login_refused"),
    ('Invalid login sequence while waiting for "235": 535 5.7.8 Error: authentication failed', "login_refused"),
    ("Invalid login: 535-5.7.8 Username and Password not accepted", "login_refused"),
    ("Invalid login: 535 5.7.139 Authentication unsuccessful, user is locked", "account_blocked"),
    ("Invalid login: 534-5.7.9 Application-specific password required", "application_password_wanted"),
    ("Invalid login: 534-5.7.14 <https://x.example/y> Please log in via 534-5.7.14 your web browser", "browser_wanted"),
    ("Invalid login: 534-5.7.9 Please log in with your web browser and then try again.", "browser_wanted"),
    ("Invalid login: 535 5.7.139 No, SmtpClientAuthentication is disabled for the Tenant.", "login_switched_off"),
    ("Invalid login: 535 5.7.139 No, basic authentication is disabled.", "login_switched_off"),
    ("Invalid login: 534 5.7.9 Mechanism too weak", "mechanism_not_offered"),
    ("Invalid login: 504 5.7.4 Unrecognized authentication type", "mechanism_not_offered"),
    ('Unknown authentication method "NTLM"', "mechanism_not_offered"),
    (
        "Invalid login: 535 5.7.8 Error: authentication failed: Invalid authentication mechanism",
        "mechanism_not_offered",
    ),
    ("Invalid login: 503 5.5.1 Error: authentication not enabled", "login_not_offered"),
    ("Invalid login: 502 5.5.2 Error: command not recognized", "login_not_offered"),
    ("Invalid login: 538 5.7.11 Encryption required", "encryption_required"),
    ('Missing credentials for "PLAIN"', "credentials_missing"),
    # The message.
    ("Mail command failed: 530 5.7.0 Authentication required", "login_required"),
    ("Mail command failed: 530 5.7.57 Client not authenticated to send mail", "login_required"),
    ("Mail command failed: 530 5.7.0 Must issue a STARTTLS command first", "encryption_required"),
    ("Mail command failed: 550 5.7.60 SMTP; Client does not have permissions to send as this sender", "sender_refused"),
    ("Mail command failed: 552 5.3.4 Message size exceeds fixed limit", "message_too_large"),
    ("Mail command failed: 421 4.7.0 Try again later", "server_trouble"),
    ("Mail command failed: 451 4.3.0 Temporary lookup failure", "server_trouble"),
    ("Mail command failed: 550 no", "sender_refused"),
    (f"{ALL_REJECTED}: 553 5.7.1 <a@b.example>: Sender address rejected: not owned by user u", "sender_refused"),
    (f"{ALL_REJECTED}: 553 5.7.1 <a@b.example>: Sender address rejected: not logged in", "login_required"),
    (f"{ALL_REJECTED}: 550 5.1.8 <a@b.example>: domain not found", "sender_refused"),
    (f"{ALL_REJECTED}: 554 5.7.1 <a@b.example>: Relay access denied", "relaying_refused"),
    (f"{ALL_REJECTED}: 554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied", "client_refused"),
    (f"{ALL_REJECTED}: 554 5.7.1 No; Client host [192.0.2.1] blocked using zen.spamhaus.org", "client_refused"),
    (f"{ALL_REJECTED}: 550 5.1.1 for my whatsapp password", "recipient_unknown"),
    (f"{ALL_REJECTED}: 550 5.1.1 <a@b.example>: Recipient address rejected", "recipient_unknown"),
    (f"{ALL_REJECTED}: 550 No such user here", "recipient_unknown"),
    (f"{ALL_REJECTED}: 552 5.2.2 Mailbox full", "mailbox_full"),
    (f"{ALL_REJECTED}: 550 5.2.1 Mailbox disabled", "mailbox_disabled"),
    (f"{ALL_REJECTED}: 450 4.2.0 Greylisted", "greylisted"),
    ("Message failed: 552 5.3.4 Error: message file too big", "message_too_large"),
    ("Message failed: 554 5.7.1 Spam message rejected", "message_refused"),
    ("Data command failed: 554 no valid recipients", "recipient_refused"),
    # Python's own library, and Go's.
    ("[Errno 111] Connection refused", "connection_refused"),
    ("[Errno -2] Name or service not known", "host_unknown"),
    ("timed out", "no_answer"),
    ("(535, b'5.7.8 Error: authentication failed')", "login_refused"),
    ("STARTTLS extension not supported by server.", "starttls_not_offered"),
    ("SMTP AUTH extension not supported by server.", "login_not_offered"),
    ("No suitable authentication method found.", "mechanism_not_offered"),
    ("[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1016)", "no_tls_at_port"),
    ("certificate verify failed: Hostname mismatch, certificate is not valid for 'x'.", "certificate_of_another_name"),
    ("dial tcp: lookup mail.example.com: no such host", "host_unknown"),
    ("dial tcp 192.0.2.1:465: i/o timeout", "no_answer"),
    ("tls: first record does not look like a TLS handshake", "no_tls_at_port"),
    ("x509: certificate signed by unknown authority", "certificate_of_unknown_authority"),
]


@pytest.mark.parametrize(("text", "cause"), WORDS)
def test_what_words_mean(text: str, cause: str) -> None:
    for reported in (text, f"Falha no envio: {text}"):
        failure = send_failure([{"msg": reported}], 465, webitel.PRODUCT_WORDS)
        assert failure is not None
        assert (failure["cause"], failure["stage"]) == (cause, CAUSES[cause].stage)


@pytest.mark.parametrize(
    "error",
    [
        {},
        {"msg": "Falha no envio do email de teste"},
        {"msg": "Internal Server Error"},
        {"msg": "502 Bad Gateway"},
        {"msg": "connect ECONNREFUSED 127.0.0.1:27017"},
        {"msg": "connection 3 to 127.0.0.1:27017 timed out"},
        {"msg": "(the server's words are left out, since they repeat a credential)"},
        {"msg": "Informe o servidor SMTP.", "field": "smtp_server", "type": "required"},
        {"msg": "Valor inválido.", "field": "smtp_crypt", "type": "invalid"},
        {"msg": "Não permitido.", "field": "email", "type": "rule"},
        {"field": "password", "type": "rule"},
    ],
)
def test_nothing_is_claimed_of_other_words(error: dict[str, str]) -> None:
    assert send_failure([error], 465, itflex.PRODUCT_WORDS) is None


def test_a_reply_that_is_not_recognised_says_so() -> None:
    failure = send_failure([{"msg": "550 5.7.1 a reason of its own"}], 465, webitel.PRODUCT_WORDS)
    assert failure == {
        "stage": None,
        "cause": None,
        "decided_by": "nothing",
        "command": None,
        "code": 550,
        "enhanced_code": "5.7.1",
        "temporary": False,
        "protocol": None,
        "advice": (
            "The mail server's reply (550 5.7.1) is not recognised, and no cause is guessed. See the mail server's log."
        ),
    }


def test_an_address_without_a_known_port_is_taken_for_the_mail_server() -> None:
    failure = send_failure([{"msg": "connect ECONNREFUSED 127.0.0.1:25"}], None, webitel.PRODUCT_WORDS)
    assert failure is not None
    assert failure["cause"] == "connection_refused"


@pytest.mark.parametrize(
    ("field", "stage"),
    [
        ("smtp_server", "connection"),
        ("smtp_crypt", "encryption"),
        ("smtp_auth_mechanism", "login"),
        ("password", "login"),
        ("to_email", "recipient"),
    ],
)
def test_a_field_that_the_appliance_blames_tells_the_stage_alone(field: str, stage: str) -> None:
    failure = send_failure([{"msg": "Recusado.", "field": field, "type": "rule"}], 465, itflex.PRODUCT_WORDS)
    assert failure is not None
    assert (failure["stage"], failure["cause"], failure["advice"]) == (stage, None, None)


@pytest.mark.parametrize(
    ("field", "text", "command", "cause"),
    [
        ("to_email", "(550, b'5.7.1 qwx zzyk')", "RCPT", "recipient_refused"),
        ("to_email", "550 Sender verify failed", "RCPT", "sender_refused"),
        ("password", "454 4.7.0 qwx zzyk", "AUTH", "server_trouble"),
        ("smtp_auth_mechanism", "504 5.5.4 qwx zzyk", "AUTH", "mechanism_not_offered"),
        # What the library says of the command is surer than the field.
        ("to_email", "Data command failed: 554 qwx zzyk", "DATA", "message_refused"),
        # An address is the user name and the sender.
        ("email", "550 5.7.1 qwx zzyk", None, None),
    ],
)
def test_a_field_that_the_appliance_blames_tells_the_command(
    field: str, text: str, command: str | None, cause: str | None
) -> None:
    failure = send_failure([{"msg": text, "field": field, "type": "rule"}], 465, itflex.PRODUCT_WORDS)
    assert failure is not None
    assert (failure["command"], failure["cause"]) == (command, cause)


def test_the_first_reason_that_says_something_counts() -> None:
    errors = [{"msg": "Não."}, {"msg": "Message failed: 554 no"}, {"msg": "timed out"}]
    failure = send_failure(errors, 465, webitel.PRODUCT_WORDS)
    assert failure is not None
    assert (failure["cause"], failure["code"]) == ("message_refused", 554)


def test_every_cause_has_its_texts() -> None:
    assert list(TEXTS) == list(CAUSES)
    assert CAUSES.keys() >= WAITS | MAY_PASS


@pytest.mark.parametrize("fields", [itflex.FIELDS, webitel.FIELDS], ids=["itflex", "webitel"])
@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_is_explained(cause: str, fields: Any) -> None:
    change = change_for(cause, fields)
    assert change
    assert "{" not in change
    assert not change.endswith(".")


def advice(text: str, command: str | None = None, fields: Any = webitel.FIELDS) -> Any:
    return explained(judge(text, command), fields)["advice"]


def test_advice_names_the_codes_and_the_fields() -> None:
    refused = "535 5.7.8 no"
    assert advice(refused) == (
        "The mail server refuses the login (535 5.7.8). Check options.auth.user and options.auth.pass."
    )
    assert advice(refused, fields=itflex.FIELDS) == (
        "The mail server refuses the login (535 5.7.8). Check email and password."
    )


def test_codes_alone_are_said_to_decide() -> None:
    assert advice("550 5.7.1 qwx zzyk", "MAIL") == (
        "The mail server refuses the sender (550 5.7.1). "
        "Its words are not recognised, so this follows from the refused command and the code alone. "
        "Check from, and whether the login may send from this address."
    )


@pytest.mark.parametrize(
    ("text", "command", "cause", "change"),
    [
        ("451 5.7.3 STARTTLS is required to send mail", "MAIL", "encryption_required", "Set requireTLS in"),
        ("454 4.7.1 <a@b.example>: Relay access denied", "RCPT", "relaying_refused", "Give options.auth"),
        ("450 4.1.8 <a@b.example>: Domain not found", "MAIL", "sender_refused", "Check from"),
        (
            "450 4.7.25 Client host rejected: cannot find your hostname",
            "RCPT",
            "client_refused",
            "or allow its address",
        ),
        ("421 4.7.26 This mail is unauthenticated", "end of data", "domain_authentication_failed", "(SPF)"),
    ],
)
def test_a_lasting_cause_keeps_its_advice_beside_temporary(text: str, command: str, cause: str, change: str) -> None:
    failure = explained(judge(text, command), webitel.FIELDS)
    assert (failure["cause"], failure["temporary"]) == (cause, True)
    assert change in failure["advice"]
    assert failure["advice"].endswith("The mail server calls this temporary, but it stays until that is changed.")


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("450 4.2.0 Greylisted", "The refusal is temporary: try again later."),
        ("450 4.2.0 qwx zzyk", "If it stays: check to_email, and the mail server's log."),
        ("452 4.2.2 Mailbox full", "If it stays: make room there, or choose another to_email."),
    ],
)
def test_what_may_pass_is_to_be_tried_again(text: str, ending: str) -> None:
    assert "The refusal is temporary: try again later." in advice(text, "RCPT")
    assert advice(text, "RCPT").endswith(ending)


@pytest.mark.parametrize(
    "text",
    [
        "error:0308010C:digital envelope routines::unsupported",
        "Digest method not supported",
        "tunneling socket could not be established, statusCode=407",
        "Cannot find module 'socks'",
    ],
)
def test_local_causes_send_nobody_to_the_server(text: str) -> None:
    assert judge(text).cause in ("digest_unavailable", "proxy_failed", "software_incomplete")
    assert "the mail server knows nothing of it, and its log neither" in advice(text)


def test_another_protocol_is_named() -> None:
    text = "Invalid greeting from server: * OK [CAPABILITY IMAP4rev1] ready. * OK"
    assert advice(text).startswith("Another protocol than SMTP answers at the port: IMAP. Check options.host")
