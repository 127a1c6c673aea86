# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the checks share: a DNS for the sender's domain, the options that lead to it, codes of findings."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.unit.plugins.module_utils._mail.certificates import Certificates
from tests.unit.plugins.module_utils._mail.dns_server import DnsZone, serve_dns
from tests.unit.plugins.module_utils._mail.imap_server import imap_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.playbook import Document
    from tests.sandbox.client import Sandbox
    from tests.unit.plugins.module_utils._mail.imap_server import Answers, ImapServer

_DOMAINS = ("example.com", "my.example.com")


@contextmanager
def check_defaults(ca_path: str) -> Iterator[dict[str, Document]]:
    """The `module_defaults` of checks that trust an authority, and ask a DNS that knows the senders' domains."""
    zone = DnsZone()
    for domain in _DOMAINS:
        zone.records[domain, "MX"] = [f"10 mail.{domain}."]
        zone.records[domain, "TXT"] = ['"v=spf1 mx -all"']
    with serve_dns(zone):
        own = {"dns_servers": [zone.address], "timeout": 30}
        # The action group has another module beside the checks, which asks no DNS.
        yield {
            "group/mailfleet.email.mail": {"ca_path": ca_path},
            "mailfleet.email.email_account_check": own,
            "mailfleet.email.email_profile_check": own,
            "mailfleet.email.email_settings_check": own,
        }


@contextmanager
def sandbox_defaults(sandbox: Sandbox) -> Iterator[dict[str, Document]]:
    """The same for the sandbox's mail server."""
    with check_defaults(sandbox.ready["smtp"]["ca_file"]) as defaults:
        yield defaults


@contextmanager
def mailbox_beside(
    defaults: dict[str, Document], directory: Path, answers: Answers | None = None
) -> Iterator[ImapServer]:
    """An IMAP server whose authority the checks trust as well, with these `module_defaults`."""
    certificates = Certificates(directory)
    options = defaults["group/mailfleet.email.mail"]
    trusted = directory / "trusted.pem"
    trusted.write_text(Path(options["ca_path"]).read_text() + Path(certificates.ca_path).read_text())
    options["ca_path"] = str(trusted)
    with imap_server(answers, tls=certificates.good()) as server:
        yield server


def codes(returned: Document, *severities: str) -> list[str]:
    """The codes of the findings of these severities, or of errors and warnings."""
    wanted = severities or ("error", "warning")
    return [finding["code"] for finding in returned["findings"] if finding["severity"] in wanted]


def finding(returned: Document, code: str) -> dict[str, Any]:
    """The one finding with a code."""
    (found,) = [found for found in returned["findings"] if found["code"] == code]
    return dict(found)
