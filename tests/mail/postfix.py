# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Postfix: listeners of every kind, which hand what they take to Dovecot."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Literal, get_args

from tests.mail.certificates import CERTIFICATES, Certificate
from tests.mail.daemon import LOOPBACK, answers, daemon, free_ports, loopbacks, own_directory, program
from tests.mail.dovecot import run_logins

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.mail.certificates import Certificates
    from tests.mail.dovecot import Dovecot

Encryption = Literal["none", "starttls", "tls"]
Variant = Literal["usual", "plain_only", "cram_md5_only", "no_login", "login_required", "tiny", "relaying"]

ENCRYPTIONS: tuple[Encryption, ...] = get_args(Encryption)
RECEIVER = "mx.example.com"
_PROGRAMS = "/usr/lib/postfix/sbin"

_TLS = {
    "none": {"smtpd_tls_security_level": "none"},
    "starttls": {"smtpd_tls_security_level": "may", "smtpd_tls_auth_only": "yes"},
    "tls": {"smtpd_tls_wrappermode": "yes"},
}
_VARIANTS: dict[Variant, dict[str, str]] = {
    "usual": {},
    "plain_only": {"smtpd_sasl_path": "$plain_logins"},
    "cram_md5_only": {"smtpd_sasl_path": "$cram_md5_logins"},
    "no_login": {"smtpd_sasl_auth_enable": "no"},
    "login_required": {"smtpd_client_restrictions": "permit_sasl_authenticated,reject"},
    "tiny": {"message_size_limit": "100"},
    "relaying": {"content_filter": f"smtp:[{LOOPBACK}]:$receiving_port"},
}

_MAIN = """
compatibility_level = 3.6
queue_directory = {directory}/queue
data_directory = {directory}/data
maillog_file = {directory}/postfix.log
maillog_file_prefixes = {directory}
inet_interfaces = {loopbacks}
inet_protocols = all
default_database_type = texthash

# Names of our own, which the listeners refer to.
receiving_port = {receiving}
plain_logins = {plain_logins}
cram_md5_logins = {cram_md5_logins}

myhostname = submission.example.com
mydestination =
mynetworks = 127.0.0.0/8, [::1]/128
alias_maps =
recipient_delimiter = +

virtual_mailbox_domains = example.com
virtual_mailbox_maps = regexp:{directory}/etc/mailboxes
virtual_transport = lmtp:unix:{lmtp}

smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth}
smtpd_sasl_authenticated_header = yes
smtpd_sender_login_maps = regexp:{directory}/etc/owners
smtpd_sender_restrictions =
  check_sender_access regexp:{directory}/etc/senders
  reject_sender_login_mismatch
smtpd_recipient_restrictions =
  check_recipient_access regexp:{directory}/etc/recipients
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination

smtpd_tls_chain_files = {chains[good]}
smtpd_tls_received_header = yes
smtpd_tls_loglevel = 1
smtp_tls_security_level = may

# Nobody should wait in a test.
in_flow_delay = 0
smtpd_error_sleep_time = 0
smtpd_junk_command_limit = 1000
smtpd_client_connection_count_limit = 0
"""
_MAILBOXES = """
!/^unknown@/ mailbox
"""
# Whoever sends from an address of one's own has to be logged in as its owner.
_OWNERS = """
/^(certs|owner)@example\\.com$/ $1@example.com
"""
# One redirects to the folder for spam, as a filter does; from the other, nobody may send.
_SENDERS = """
/^spammer@/ REDIRECT inbox+Junk@example.com
/^barred@/ 553 5.7.1 Not allowed to send
"""
_RECIPIENTS = """
/^later@/ 450 4.2.0 Greylisted, try again in five minutes
/^full@/ 552 5.2.2 Mailbox full
"""
# The receiving listener stands for the recipient's server, with a filter such as OpenDMARC that writes what it thinks.
_GOOD = "spf=pass smtp.mailfrom=example.com; dkim=pass header.d=example.com"
_BAD = "spf=fail smtp.mailfrom=example.com; dkim=none"
_VERDICTS = f"""
/^forger@/ PREPEND Authentication-Results: {RECEIVER}; {_BAD}; dmarc=fail header.from=example.com
/./ PREPEND Authentication-Results: {RECEIVER}; {_GOOD}; dmarc=pass header.from=example.com
"""
_SERVICES = """
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
scache unix - - n - 1 scache
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Listener:
    """How one port of the server behaves."""

    encryption: Encryption
    certificate: Certificate = "good"
    variant: Variant = "usual"

    def options(self, certificates: Certificates) -> dict[str, str]:
        """The parameters in which this port differs from the others."""
        chain = {"smtpd_tls_chain_files": str(certificates.chains[self.certificate])}
        return {**_TLS[self.encryption], **_VARIANTS[self.variant], **chain}


LISTENERS = [
    *(Listener(encryption, variant=variant) for encryption, variant in product(ENCRYPTIONS, _VARIANTS)),
    *(Listener(encryption, kind) for encryption, kind in product(ENCRYPTIONS[1:], CERTIFICATES) if kind != "good"),
]


@dataclass(frozen=True)
class Postfix:
    """A running Postfix: ``ports`` of the listeners for submission, and the port of a recipient's server.

    That one, ``receiving``, offers STARTTLS, calls itself ``mx.example.com`` and adds an ``Authentication-Results``
    header to every message. The variant ``relaying`` hands over to it; all others go to the mailbox at once.
    """

    directory: Path
    ports: dict[Listener, int]
    receiving: int

    def port(self, encryption: Encryption, certificate: Certificate = "good", variant: Variant = "usual") -> int:
        """Return the port that behaves like this. A certificate and a variant at once are not to be had."""
        return self.ports[Listener(encryption, certificate, variant)]

    @property
    def log(self) -> str:
        """All that the server has logged so far."""
        return (self.directory / "postfix.log").read_text(encoding="utf-8", errors="replace")


@contextmanager
def run_postfix(certificates: Certificates, dovecot: Dovecot) -> Iterator[Postfix]:
    """Run Postfix until the end of the block. Raises ``RuntimeError`` where it is missing or does not start."""
    master, control = program(f"{_PROGRAMS}/master", "postfix"), program("/usr/sbin/postfix", "postfix")
    with (
        own_directory("postfix") as directory,
        run_logins(dovecot, "plain") as plain_logins,
        run_logins(dovecot, "cram-md5") as cram_md5_logins,
    ):
        receiving, *ports = free_ports(len(LISTENERS) + 1)
        server_ports = dict(zip(LISTENERS, ports, strict=True))
        receiver = {
            **_TLS["starttls"],
            "myhostname": RECEIVER,
            "smtpd_sasl_auth_enable": "no",
            "smtpd_sender_restrictions": f"check_sender_access regexp:{directory}/etc/verdicts",
        }
        settings = {
            "main.cf": _MAIN.format(
                directory=directory,
                loopbacks=", ".join(loopbacks()),
                receiving=receiving,
                plain_logins=plain_logins,
                cram_md5_logins=cram_md5_logins,
                lmtp=dovecot.lmtp,
                auth=dovecot.auth,
                chains=certificates.chains,
            ),
            "master.cf": _SERVICES + _listener(receiving, receiver) + _listeners(server_ports, certificates),
            "mailboxes": _MAILBOXES,
            "owners": _OWNERS,
            "senders": _SENDERS,
            "recipients": _RECIPIENTS,
            "verdicts": _VERDICTS,
        }
        for name in ("etc", "queue", "data"):
            (directory / name).mkdir()
        shutil.chown(directory / "data", "postfix")
        for name, text in settings.items():
            (directory / "etc" / name).write_text(text)
        # It makes the queue's directories, each with the owner that it has to have.
        subprocess.run([control, "-c", str(directory / "etc"), "check"], capture_output=True, check=True)
        command = [master, "-s", "-c", str(directory / "etc")]
        with daemon(command, lambda: answers(receiving), directory / "postfix.log"):
            yield Postfix(directory, server_ports, receiving)


def _listeners(ports: dict[Listener, int], certificates: Certificates) -> str:
    return "".join(_listener(port, listener.options(certificates)) for listener, port in ports.items())


def _listener(port: int, options: dict[str, str]) -> str:
    lines = "".join(f"  -o {{ {name} = {value} }}\n" for name, value in options.items())
    return "".join(f"[{address}]:{port} inet n - n - - smtpd\n{lines}" for address in loopbacks())
