# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The mail servers of these tests: what they do with mail, and that nothing of them is left."""

from __future__ import annotations

import imaplib
import os
import smtplib
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.mail.arrivals import arrival_of
from tests.mail.certificates import HOST, make_certificates
from tests.mail.daemon import answers, own_directory
from tests.mail.dovecot import WITHOUT_TLS, run_dovecot

if TYPE_CHECKING:
    from tests.mail.certificates import Certificates
    from tests.mail.conftest import User
    from tests.mail.dovecot import Dovecot
    from tests.mail.postfix import Postfix

_LONGEST_WAIT_SECONDS = 20


def submit(port: int, sender: str, to_email: str) -> None:
    """Send a message in clear, without a login."""
    text = f"From: {sender}\r\nTo: {to_email}\r\nSubject: Hello\r\n\r\nHello.\r\n"
    with smtplib.SMTP(HOST, port, timeout=_LONGEST_WAIT_SECONDS) as client:
        client.sendmail(sender, [to_email], text)


def headers(dovecot: Dovecot, user: User, folder: str, to_email: str) -> str:
    """Return the headers of the only message to ``to_email`` in a folder."""
    with imaplib.IMAP4(HOST, dovecot.imap) as client:
        client.login(user.address, user.password)
        client.select(folder, readonly=True)
        _status, (numbers,) = client.search(None, "TO", to_email)
        _status, parts = client.fetch(numbers.decode(), "(BODY.PEEK[HEADER])")
    assert isinstance(parts[0], tuple)
    return parts[0][1].decode()


@pytest.mark.parametrize(
    ("sender_name", "to_email"), [("spammer", "spam1@example.com"), ("a", "inbox+Junk@example.com")]
)
def test_spam_is_put_aside(postfix: Postfix, dovecot: Dovecot, inbox: User, sender_name: str, to_email: str) -> None:
    submit(postfix.port("none"), f"{sender_name}@example.com", to_email)
    arrival_of("inbox+Junk@example.com", postfix, dovecot)
    assert f"From: {sender_name}@example.com" in headers(dovecot, inbox, "Junk", to_email)


@pytest.mark.parametrize(("sender_name", "verdict"), [("a", "pass"), ("forger", "fail")])
def test_a_recipients_server_writes_what_it_thinks(
    postfix: Postfix, dovecot: Dovecot, inbox: User, sender_name: str, verdict: str
) -> None:
    to_email = f"inbox+verdict-{verdict}@example.com"
    submit(postfix.port("none", variant="relaying"), f"{sender_name}@example.com", to_email)
    arrival_of(to_email, postfix, dovecot)
    text = headers(dovecot, inbox, "INBOX", to_email)
    assert text.count("Authentication-Results: mx.example.com; ") == 1
    assert f"dmarc={verdict} " in text
    assert text.index("by mx.example.com (Postfix) with ESMTPS ") < text.index("by submission.example.com (Postfix)")


def test_imap_with_and_without_tls(dovecot: Dovecot, inbox: User, certificates: Certificates) -> None:
    context = ssl.create_default_context(cafile=certificates.authority)
    with imaplib.IMAP4_SSL(HOST, dovecot.imaps, ssl_context=context) as client:
        client.login(inbox.address, inbox.password)
    with imaplib.IMAP4(HOST, dovecot.imap) as client:
        assert client.starttls(context)[0] == "OK"
        client.login(inbox.address, inbox.password)
    with imaplib.IMAP4(WITHOUT_TLS, dovecot.imap) as client:
        assert "STARTTLS" not in client.capabilities


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    with run_dovecot(make_certificates(tmp_path)) as server:
        directory, port = server.directory, server.imap
        assert answers(port)
    assert not directory.exists()
    assert not answers(port)


_SERVE = """
import sys, time
from pathlib import Path
from tests.mail.certificates import make_certificates
from tests.mail.dovecot import run_dovecot
from tests.mail.postfix import run_postfix

certificates = make_certificates(Path(sys.argv[1]))
with run_dovecot(certificates) as dovecot, run_postfix(certificates, dovecot) as postfix:
    print(dovecot.imap, postfix.receiving, flush=True)
    time.sleep(600)
"""


def test_the_servers_end_with_a_process_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _SERVE, str(tmp_path)]
    # Nobody is left to remove their directories, so these lie in one of ours.
    with own_directory("killed") as directory:
        environment = {**os.environ, "TMPDIR": str(directory)}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            assert process.stdout is not None
            ports = [int(word) for word in process.stdout.readline().split()]
            assert len(ports) == 2
            assert all(map(answers, ports))
            process.kill()
        deadline = time.monotonic() + _LONGEST_WAIT_SECONDS
        while any(map(answers, ports)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not any(map(answers, ports))
