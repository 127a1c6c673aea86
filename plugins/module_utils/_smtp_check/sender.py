# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings about the domain that mail is sent from, and about what a mail service documents."""

from __future__ import annotations

import typing as t

from .facts import Configuration, Facts, Finding
from .spf import spf_findings


def sender_findings(settings: Configuration, facts: Facts) -> t.Iterator[Finding]:
    """What is wrong with the sender's domain in the DNS."""
    domain, field = facts.domain, settings.words.sender
    if domain is None:
        return
    if not domain.exists:
        message = f"the DNS does not know {domain.name}, the sender's domain, so many servers will refuse its mail"
        yield Finding("sender_domain_unknown", "warning", field, message, f"correct {field}, or register the domain")
        return
    if domain.unanswered:
        message = f"the DNS did not tell about {domain.name}, the sender's domain ({settings.quote(domain.unanswered)})"
        yield Finding("dns_unanswered", "info", field, message, "try again, or name other servers with dns_servers")
    if domain.mx == (".",):
        message = f"{domain.name} says that it takes no mail (a null MX), so nobody can answer"
        yield Finding("mx_null", "warning", field, message, "send from a domain that takes mail")
    elif domain.mx == ():
        message = f"{domain.name} has no MX record, so answers and reports may not come back"
        yield Finding("mx_missing", "warning", field, message, "let the DNS name the domain's mail server")
    if domain.spf is not None:
        yield from spf_findings(domain, field)


def preset_findings(settings: Configuration) -> t.Iterator[Finding]:
    """Where the settings are other than what their mail service documents."""
    preset, words = settings.preset, settings.words
    if preset is None:
        return
    server = settings.host.lower().rstrip(".")
    if server not in preset.servers:
        message = f"service is {preset.title.lower()}, but {words.server} is {settings.host}"
        advice = f"the servers that {preset.title} documents are {' and '.join(preset.servers)}"
        yield Finding("preset_other_server", "warning", words.server, message, advice)
        return
    if not any(way.port == settings.port and way.encryption is settings.encryption for way in preset.servers[server]):
        message = f"{preset.title} documents {preset.ways_in_words(server)} for {server}"
        also = f"but {words.port} is {settings.port} and {settings.says}"
        yield Finding("preset_other_way", "warning", words.mode, f"{message}, {also}", "set them to that")
