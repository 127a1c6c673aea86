# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the checks of both products against servers on the loopback interface."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING, Any

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.check_spec import EMAIL_ACCOUNT_CHECK
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.check_spec import EMAIL_SETTINGS_CHECK
from tests.unit.plugins.module_utils._mail.dns_server import DnsZone, serve_dns
from tests.unit.plugins.module_utils._mail.smtp_servers import SmtpServer, serve
from tests.unit.plugins.module_utils.running import Runner

if TYPE_CHECKING:
    from tests.unit.plugins.module_utils._mail.certificates import Certificates

PASSWORD = "planted-passw0rd"
SILENCE = 3.0
"""How long to wait for a server that says nothing, and for the others' answers on a machine that is busy."""

GOOD_ZONE = {("example.com", "MX"): ["10 mail.example.com."], ("example.com", "TXT"): ['"v=spf1 mx -all"']}


class Checks:
    """Runs both checks with short time limits; `warnings` are those of the last run."""

    def __init__(self, certificates: Certificates) -> None:
        self._shared: dict[str, Any] = {"timeout": 10.0, "ca_path": certificates.ca_path}
        self.warnings: list[str] = []

    def account(self, server: SmtpServer | None = None, **options: Any) -> dict[str, Any]:
        """Check an account whose server, where one is given, runs meanwhile."""
        options = {"email": "me@example.com", "smtp_server": "localhost", **options}
        return self._run("account", server, options)

    def settings(self, server: SmtpServer | None = None, **options: Any) -> dict[str, Any]:
        """Check a domain's settings, `options` being those of the transport and, by the same names, of the check."""
        names = {"domain", *EMAIL_SETTINGS_CHECK.argument_spec} - {"options"}
        shared = {name: options.pop(name) for name in names & set(options)}
        usual = {"host": "localhost", "tls": {"reject_unauthorized": True}}
        return self._run("settings", server, {**shared, "options": {**usual, **options}})

    def _run(self, kind: str, server: SmtpServer | None, options: dict[str, Any]) -> dict[str, Any]:
        with contextlib.ExitStack() as stack:
            zone = stack.enter_context(serve_dns(DnsZone(dict(GOOD_ZONE))))
            shared = {"dns_servers": [zone.address], **self._shared}
            if server is not None:
                stack.enter_context(serve(server))
                if kind == "account":
                    options.setdefault("smtp_port", server.port)
                else:
                    options["options"].setdefault("port", server.port)
            runner = Runner({**shared, **options})
            self.warnings = runner.warnings
            return runner.run(EMAIL_ACCOUNT_CHECK if kind == "account" else EMAIL_SETTINGS_CHECK)


def codes(result: dict[str, Any], *severities: str) -> list[str]:
    """The codes of a result's findings of these severities, or of errors and warnings."""
    wanted = severities or ("error", "warning")
    return [finding["code"] for finding in result["findings"] if finding["severity"] in wanted]


def finding(result: dict[str, Any], code: str) -> dict[str, str]:
    """The one finding with a code."""
    (found,) = [found for found in result["findings"] if found["code"] == code]
    return dict(found)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
    return port
