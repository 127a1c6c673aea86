# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration that the tests write for Dovecot, in both of its syntaxes.

What 2.4 calls things is what its documentation says ("Upgrading Dovecot CE from 2.3 to 2.4", and the summary of its
settings); a Dovecot 2.4.1 read this text, let somebody log in over IPv4 and IPv6, and took mail.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.mail.dovecot_config import SYNTAXES, logins_only, mailboxes, syntax_of

HERE, USERS = Path("/servers/dovecot"), Path("/servers/dovecot/users")
# Settings of 2.3 that stop 2.4, and the other way round.
OF_2_3 = ("mail_location", "disable_plaintext_auth", "ssl_cert ", "ssl_key ", " driver = ", "args = ", "%n", "%u", "<")
OF_2_4 = (
    "mail_driver",
    "mail_path",
    "auth_allow_cleartext",
    "ssl_server_",
    "passwd_file_path",
    "dovecot_config_version",
)


def configurations(syntax: str) -> list[str]:
    whole = mailboxes(
        syntax, HERE, USERS, ports=(1143, 1993), chain=Path("/c.pem"), addresses=["127.0.0.1", "::1", "127.0.0.2"]
    )
    return [whole, logins_only(syntax, HERE, USERS, "cram-md5")]


def blocks(text: str) -> list[str]:
    return re.findall(r"^\s*(.+?) \{$", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("version", "syntax"), [("2.3.19.1 (9b53102964)", "2.3"), ("2.4.1-4 (7d8c0e5759)", "2.4"), ("2.4.0", "2.4")]
)
def test_which_syntax_a_version_reads(version: str, syntax: str) -> None:
    assert syntax_of(version) == syntax


@pytest.mark.parametrize("version", ["2.2.36", "2.5.0", "3.0", ""])
def test_a_version_that_nobody_tried(version: str) -> None:
    with pytest.raises(RuntimeError, match=r"of Dovecot 2\.3 and 2\.4; this is"):
        syntax_of(version)


@pytest.mark.parametrize(("syntax", "foreign"), [("2.3", OF_2_4), ("2.4", OF_2_3)])
def test_no_setting_of_the_other_version(syntax: str, foreign: tuple[str, ...]) -> None:
    for text in configurations(syntax):
        assert [setting for setting in foreign if setting in text] == []


def test_2_4_says_first_how_it_is_meant() -> None:
    for text in configurations("2.4"):
        settings = [line for line in text.splitlines() if line]
        assert settings[0] == "dovecot_config_version = 2.4.0"
        assert "dovecot_storage_version = 2.4.0" in settings
        assert "passdb passwd-file" in blocks(text)
        assert "userdb static" in blocks(text)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_what_both_say(syntax: str) -> None:
    whole, logins = configurations(syntax)
    for text in (whole, logins):
        assert text.count("{") == text.count("}")
        assert not re.search(r"\{(directory|users|mechanisms|chain|imaps?|addresses|without_tls)\}", text)
        assert "unix_listener /servers/dovecot/auth" in blocks(text)
    assert "listen = 127.0.0.1, ::1, 127.0.0.2" in whole
    assert re.search(r"local 127\.0\.0\.2 \{\s+ssl = no\s+\}", whole)
    assert {"mailbox Junk", "inet_listener imap", "inet_listener imaps", "protocol lmtp"} <= set(blocks(whole))
    assert "auth_mechanisms = cram-md5\n" in logins
