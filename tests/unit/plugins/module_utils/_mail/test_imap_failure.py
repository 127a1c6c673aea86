# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What kind of failure it is that an IMAP server refuses something, from what it says."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.mailfleet.email.plugins.module_utils._mail.imap_failure import (
    ADVICE,
    kind_at_login,
    kind_later,
    protocol_of,
)
from ansible_collections.mailfleet.email.plugins.module_utils._mail.imap_words import AT_LOGIN as AT_LOGIN_RULES
from ansible_collections.mailfleet.email.plugins.module_utils._mail.imap_words import AT_LOGIN_WIDE, LATER, PLAIN_LATER
from ansible_collections.mailfleet.email.plugins.modules.email_delivery_info import RETURN

# At a login or in a greeting, as servers say it: Dovecot, Cyrus, Courier, UW, Exchange, Gmail, Yahoo, iCloud, Zoho,
# Yandex, Mail.ru, QQ, 163, hMailServer, MDaemon, Zimbra, GMX, in their code or in logs that people published.
AT_LOGIN = {
    "credentials": [
        "[AUTHENTICATIONFAILED] Authentication failed.",  # Dovecot
        "[AUTHENTICATIONFAILED] Invalid credentials (Failure)",  # Gmail
        "[AUTHENTICATIONFAILED] LOGIN Invalid credentials",  # Yahoo
        "[AUTHENTICATIONFAILED] LOGIN invalid credentials or IMAP is disabled",  # Yandex
        "[AUTHORIZATIONFAILED] Access to the requested mailbox is not allowed",
        "[EXPIRED] Your password has expired",
        "[ALERT] Invalid credentials (Failure)",
        "Login failed: authentication failure",  # Cyrus
        "Invalid login or password",
        "Invalid user name or password. Please use full email address as user name.",  # hMailServer
        "LOGIN Login error or password error",  # 163
        "Invalid userid/password",
        "Logon failure: unknown user name or bad password.",
        "User unknown or wrong password",
        "password expired, change it on the web",
        "Falscher Benutzername oder Passwort",
        "Usuário ou senha inválidos",
        "Nom d'utilisateur ou mot de passe incorrect",
        "Usuario o contraseña incorrectos",
        "Неверное имя пользователя или пароль",
        "Nieprawidłowy login lub hasło",
        "用户名或密码错误",
        "ユーザー名またはパスワードが正しくありません",
        "아이디 또는 비밀번호가 일치하지 않습니다",
        "Geçersiz parola",
        "Ongeldige gebruikersnaam of wachtwoord",
        "Nome utente o password non validi",
        "Špatné uživatelské jméno nebo heslo",
        "Felaktigt användarnamn eller lösenord",
    ],
    "encryption_required": [
        "[PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.",  # Dovecot
        "[ALERT] Plaintext authentication not allowed without SSL/TLS, but your client did it anyway.",
        "Login only available under a layer",
        "Must issue a STARTTLS command first",
        "LOGIN is disabled, use TLS",
        "cleartext logins disabled",
    ],
    "application_password_wanted": [
        "LOGIN Login fail. Please using weixin token to login. More information at https://open.work.weixin.qq.com/",
        "[ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)",
        "[AUTHENTICATIONFAILED] Application-specific password required",
        "[ALERT] Please use an app password to log in",
        "[AUTHENTICATIONFAILED] Sorry, you need to create an app password to use this service",
        "Login failed, only E-Mail password allowed",
        "[AUTHENTICATIONFAILED] Authentication failed: application password is REQUIRED",
        "LOGIN Login fail. Please use authorization code to login.",  # QQ
        "[AUTHENTICATIONFAILED] NEOBHODIM parol prilozheniya https://help.mail.ru/mail/security/protection/external",
    ],
    "browser_wanted": [
        "[ALERT] Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)",
        "[WEBALERT https://accounts.google.com/signin/continue] Web login required.",
    ],
    "login_switched_off": [
        "IMAP access for this user is off",
        "[AUTHENTICATIONFAILED] Basic authentication is disabled",
        "[AUTHENTICATIONFAILED] AUTHENTICATE failed. BasicAuthBlocked",
        "[ALERT] IMAP access is disabled for your domain. Please contact your domain administrator for questions.",
        "[ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page.",
        "You are yet to enable IMAP for your account. Please contact your administrator",  # Zoho
        "IMAP service is not enabled for this user",
        "User is not allowed to use IMAP",
        "This account does not have IMAP access",
        "Password authentication is no longer supported, use OAuth",
        "OAUTH2 required",
        "IMAP access restricted by administrator",
        "authentication failed; IMAP/POP3 is not activated",
        "AUTHENTICATE PLAIN disabled",
        "Dienst nicht freigeschaltet",
        "Esta conta não tem acesso IMAP habilitado",
        "您的邮箱未开启IMAP服务",
    ],
    "mechanism_not_offered": [
        "Unsupported authentication mechanism.",
        "AUTHENTICATE mechanism not supported",
        "LOGIN command is disabled, use AUTHENTICATE",
    ],
    "too_many_logins": [
        "[LIMIT] LOGIN Rate limit hit",  # Yahoo
        "[UNAVAILABLE] Too many login failures",
        "Too many invalid IMAP commands.",
        "Request is throttled. Suggested Backoff Time: 299999 milliseconds",
        "Too many invalid commands (no auth attempts in 0 secs)",
        "[AUTHENTICATIONFAILED] Too many failed login attempts, try again later",
    ],
    "too_many_connections": [
        "You are already logged in from too many places",
        "[UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)",  # Dovecot
        "Maximum number of connections from user+IP exceeded",
        "[ALERT] Too many simultaneous connections. (Failure)",  # Gmail
        "[LIMIT] Sorry",
        "Too many open connections for this user",
        "Too many IMAP sessions",
        "[ALERT] Maximum IMAP connections reached",  # Courier
        "too many users, try later",
        "Zu viele gleichzeitige Verbindungen",
        "Trop de connexions simultanées",
        "Слишком много одновременных подключений",
    ],
    "unavailable": [
        "Internal login failure. Refer to server log for more information.",  # Dovecot
        "[UNAVAILABLE] Temporary authentication failure. [mx:2026-11-30 09:00:00]",
        "[SERVERBUG] Internal error occurred. Refer to server log for more information.",
        "Server Unavailable. 15",  # Exchange
        "System Error (Failure)",
        "Server shutting down.",
        "Disconnected: Auth process broken",
        "LOGIN failed: account is in maintenance mode",
        "service temporarily unavailable, try again",
    ],
    "in_use": ["[INUSE] Mailbox is in use", "Mailbox is locked by another session"],
    "account_blocked": [
        "[CONTACTADMIN] Please contact your administrator",
        "LOGIN failed. Account is blocked. Login to your account via Outlook to verify your identity.",
        "Your account has been suspended",
        "account is disabled",
        "账号已被冻结",
    ],
    "client_refused": [
        "LOGIN Unsafe Login. Please contact kefu@188.com for help",  # 163
        "Your IP address has been blocked",
        "access denied for your host",
        "Connection refused",
        "Logins from your country are blocked",
    ],
    "mailbox_missing": [
        "User is authenticated but not connected.",
        "[AUTHORIZATIONFAILED] Account does not have a valid mailbox. Login to your account via a web browser.",
    ],
    "limit": [
        "[OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)",
        "[ALERT] Account exceeded command or bandwidth limits. (Failure)",
    ],
    "over_quota": ["quota exceeded"],
}
UNEXPLAINED = [
    "",
    "LOGIN failed.",  # Exchange
    "AUTHENTICATE failed.",
    "no",
    "Login failed.",  # Courier
    "it's late",
    "[ALERT] Sorry",
    "[CANNOT] no",
]


@pytest.mark.parametrize(("kind", "words"), [(kind, words) for kind, lines in AT_LOGIN.items() for words in lines])
def test_at_a_login(kind: str, words: str) -> None:
    assert kind_at_login(words) == kind


# QQ says this whatever it is.
QQ = (
    "Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or system "
    "is busy."
)


@pytest.mark.parametrize("words", [*UNEXPLAINED, QQ])
def test_at_a_login_nothing_is_guessed(words: str) -> None:
    assert kind_at_login(words) in (None, "login_refused")


def test_a_login_that_the_web_wants_first() -> None:
    """Gmail, also where a proxy left its own code out."""
    assert kind_at_login("[ALERT] Web login required: https://support.example.com/ (Failure)") == "browser_wanted"


def test_an_address_says_nothing() -> None:
    assert kind_at_login("no imap-disabled.password-incorrect@quota-exceeded.example") is None


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("read_only", "[READ-ONLY] no"),
        ("read_only", "Mailbox is read-only"),
        ("read_only", "EXAMINE state: STORE is not there"),
        ("permission", "[NOPERM] Permission denied"),
        ("permission", "Permission denied"),
        ("over_quota", "[OVERQUOTA] Quota exceeded"),
        ("in_use", "[INUSE] Mailbox in use"),
        ("unavailable", "[UNAVAILABLE] Backend is down"),
        ("unavailable", "[SERVERBUG] Internal error occurred."),
        ("limit", "[LIMIT] Too many messages"),
        ("limit", "[OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)"),
        ("too_many_commands", "Request is throttled. Suggested Backoff Time: 299999 milliseconds"),
        ("account_blocked", "[CONTACTADMIN] Mailbox is damaged"),
        ("client_refused", "SELECT Unsafe Login. Please contact kefu@188.com for help"),
        ("mailbox_missing", "User is authenticated but not connected."),
        ("unavailable", "Server shutting down"),
        ("encryption_required", "[PRIVACYREQUIRED] no"),
        (None, "[NONEXISTENT] Unknown Mailbox: Spam"),
        # Of a folder, at Dovecot: the account has its mailbox.
        (None, "[NONEXISTENT] Mailbox doesn't exist: Spam"),
        (None, "Autologout; idle for too long"),
        (None, ""),
    ],
)
def test_after_the_login(kind: str | None, words: str) -> None:
    assert kind_later(words) == kind


@pytest.mark.parametrize(
    ("protocol", "greeting"),
    [
        ("POP3", "+OK Dovecot ready."),
        ("POP3", "-ERR too many connections"),
        ("SMTP", "220 mx.example.com ESMTP Postfix"),
        ("SMTP", "554 5.7.1 go away"),
        ("FTP", "220 ProFTPD 1.3.5 Server (FTP)"),
        ("FTP", "220-FileZilla Server 1.8.0"),
        ("HTTP", "HTTP/1.1 400 Bad Request"),
        ("HTTP", "<!DOCTYPE html>"),
        ("SSH", "SSH-2.0-OpenSSH_9.2"),
        ("NNTP", "200 news.example.com InterNetNews"),
        ("ManageSieve", '"IMPLEMENTATION" "Dovecot Pigeonhole"'),
        ("TLS", "\x15\x03\x01\x00\x02\x02F"),
        (None, "* OK IMAP4rev1 ready"),
        (None, "go away"),
        (None, ""),
    ],
)
def test_another_protocol(protocol: str | None, greeting: str) -> None:
    assert protocol_of(greeting) == protocol


def test_every_kind_is_documented_and_has_advice() -> None:
    kinds = {rule.cause for rules in (AT_LOGIN_RULES, AT_LOGIN_WIDE, PLAIN_LATER, LATER) for rule in rules}
    documented = yaml.safe_load(RETURN)["failure"]["contains"]["kind"]["choices"]
    assert kinds <= set(ADVICE)
    # The others do not depend on words, and their advice is said where they come about.
    assert set(documented) - set(ADVICE) == {"input", "connection", "mailbox", "defect"}
    assert set(ADVICE) <= set(documented)


def test_a_long_text_takes_no_time() -> None:
    for filling in ("a " * 100_000, "password " * 50_000, "IMAP " * 50_000, "user is " * 50_000):
        kind_at_login(filling)
        kind_later(filling)
