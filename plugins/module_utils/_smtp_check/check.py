# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A check of SMTP settings without the product: looks at the server and the DNS, and says what does not fit.

Nothing is sent, and nothing is changed anywhere.
"""

from __future__ import annotations

import socket
import typing as t
from datetime import datetime, timezone

from .._engine.schema import Problem
from .._mail.addresses import HostUnknown, resolve, unreachable
from .._mail.certificate import Certificate, read_certificate
from .._mail.mail_domain import DnsServer, dns_server, look_up
from .._mail.smtp_probe import look_at
from .._mail.smtp_session import Encryption, Login, Observation, Target
from .._mail.tls import Trust
from .._resource.base import Context, TaskFailed
from .._resource.interface import Params
from .._resource.mail_server import ca_path_problems
from .certificate import certificate_findings
from .facts import SEVERITIES, Configuration, Facts, Finding, Part
from .link import link_findings
from .login import login_findings
from .report import finding_line, report_lines, sender_data, server_data
from .sender import preset_findings, sender_findings

_LONGEST_TIMEOUT = 300
_FAILING: t.Final = {"error": ("error",), "warning": ("error", "warning"), "never": ()}


def check_problems(params: Params) -> list[Problem]:
    """What is wrong with the options that all checks share."""
    problems = []
    timeout = params["timeout"]
    if timeout is not None and not 0 < timeout <= _LONGEST_TIMEOUT:
        problems.append(Problem("timeout", f"must be more than 0 and at most {_LONGEST_TIMEOUT} seconds"))
    return problems + list(_dns_problems(params["dns_servers"] or ())) + ca_path_problems(params["ca_path"])


def _dns_problems(texts: t.Iterable[str]) -> t.Iterator[Problem]:
    ports: dict[str, int] = {}
    for index, text in enumerate(texts):
        try:
            server = dns_server(text)
        except ValueError as exc:
            yield Problem(f"dns_servers[{index}]", str(exc))
            continue
        # dnspython knows one port for each address.
        if ports.setdefault(server.address, server.port) != server.port:
            yield Problem(f"dns_servers[{index}]", "must not be another port of a server that is named before")


def check(settings: Configuration, params: Params, context: Context) -> dict[str, t.Any]:
    """Check settings, `params` being the options that all checks share.

    Returns the result. Raises a `TaskFailed` with the same result where something is found that `fail_on` names.
    """
    return concluded(settings.subject, looked_at(settings, params), params, context)


def looked_at(settings: Configuration, params: Params) -> Part:
    """What the look at an SMTP server and the DNS yields."""
    facts = _facts(settings, params)
    found = (
        *settings.noted,
        *preset_findings(settings),
        *link_findings(settings, facts),
        *certificate_findings(settings, facts),
        *login_findings(settings, facts),
        *sender_findings(settings, facts),
    )
    data = {"server": server_data(settings, facts), "sender_domain": sender_data(settings, facts)}
    return Part(found, tuple(report_lines(settings, facts)), data)


def concluded(subject: str, part: Part, params: Params, context: Context) -> dict[str, t.Any]:
    """The result of a check of which `part` is all that was found.

    Raises a `TaskFailed` with the same result where something is found that `fail_on` names.
    """
    findings = sorted(part.findings, key=lambda finding: SEVERITIES.index(finding.severity))
    message = _message(subject, findings)
    result = {
        "changed": False,
        "findings": [_as_data(finding) for finding in findings],
        "report": [*part.lines, *map(finding_line, findings)],
        **part.data,
    }
    if any(finding.severity in _FAILING[params["fail_on"]] for finding in findings):
        raise TaskFailed(message, result, {"kind": "check"})
    for finding in findings:
        if finding.severity != "info":
            context.warn(f"{subject}: {finding.text}")
    return {**result, "msg": message}


def _as_data(finding: Finding) -> dict[str, str | None]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "evidence": finding.evidence,
        "field": finding.field,
        "message": finding.message,
        "advice": finding.advice,
        "cause": finding.cause,
        "decided_by": finding.decided_by,
    }


def _message(subject: str, findings: t.Sequence[Finding]) -> str:
    counts = []
    for severity in ("error", "warning"):
        count = sum(finding.severity == severity for finding in findings)
        if count:
            counts.append(f"{count} {severity}{'s' if count > 1 else ''}")
    if not counts:
        return f"{subject}: nothing is wrong"
    texts = "; ".join(finding.text for finding in findings if finding.severity != "info")
    return f"{subject}: {' and '.join(counts)}: {texts}"


def _facts(settings: Configuration, params: Params) -> Facts:
    """Ask the DNS and the server, each step in bounded time."""
    timeout: float = params["timeout"]
    servers: list[DnsServer] = [dns_server(text) for text in params["dns_servers"] or ()]
    sender = settings.sender_domain or ""
    # In brackets it is the address of a server, and no domain.
    domain = look_up(sender, servers, timeout) if sender and not sender.startswith("[") else None
    now = datetime.now(timezone.utc)
    try:
        addresses = resolve(settings.host, settings.port, timeout)
    except HostUnknown as exc:
        return Facts(now, host_problem=str(exc), host_problem_is_here=exc.is_here, domain=domain)
    silent = unreachable(addresses, timeout)
    answering = [address for address in addresses if address not in silent]
    observation = None
    if answering:
        # No certificate has the dot that a full name may end with.
        name = (settings.server_name or settings.host).rstrip(".")
        trust = Trust(name, params["ca_path"], says_name=not settings.sni_option)
        target = Target(answering[0], trust, settings.client_name or _own_name(), timeout, settings.asks_unoffered)
        observation = look_at(target, settings.encryption, _login(settings, log_in=params["log_in"]))
    return Facts(
        now,
        addresses=tuple(addresses),
        unreachable=silent,
        observation=observation,
        chain=_chain(observation),
        domain=domain,
    )


def _chain(observation: Observation | None) -> tuple[Certificate, ...]:
    tls = observation.encrypted.tls if observation else None
    return tuple(filter(None, map(read_certificate, tls.chain if tls else ())))


def _login(settings: Configuration, *, log_in: bool) -> Login | None:
    if not (log_in and settings.wants_login and settings.password):
        return None
    return Login(
        settings.user,
        settings.password,
        settings.mechanism,
        in_clear=settings.encryption is Encryption.NONE,
        unverified=not settings.verify,
        ways=settings.ways,
    )


def _own_name() -> str:
    """What this host calls itself in EHLO: a full name, or, where it has none, an address as RFC 5321 wants it."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"
