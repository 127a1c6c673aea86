# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings about who may send for the sender's domain: its SPF record, and those that it leads to."""

from __future__ import annotations

import typing as t

from .._mail.mail_domain import MailDomain
from .._mail.spf import MOST_LOOKUPS, MOST_VOID_LOOKUPS, Spf
from .facts import Finding


def spf_findings(domain: MailDomain, field: str) -> t.Iterator[Finding]:
    """What is wrong with the SPF records of a domain; `field` is the option that names the sender."""
    name, records = domain.name, domain.spf or ()
    if not records and domain.almost_spf:
        nearly = ", ".join(f"{text[:80]!r}" for text in domain.almost_spf)
        message = f"{name} has no SPF record, since what looks like one is none to those who check it: {nearly}"
        advice = "let it begin with v=spf1 and a space, without quotes of its own"
        yield Finding("spf_missing", "warning", field, message, advice)
    elif not records:
        message = f"{name} has no SPF record, so its mail may be taken for spam"
        yield Finding("spf_missing", "warning", field, message, "let the DNS say who may send for the domain")
    elif len(records) > 1:
        message = f"{name} has {len(records)} SPF records, which counts as an error where there may be one"
        yield Finding("spf_several", "warning", field, message, "make one of them")
    if domain.spf_analysis is not None:
        yield from _errors(name, domain.spf_analysis, field)
        yield from _weaknesses(name, domain.spf_analysis, field)
        yield from _not_known(name, domain.spf_analysis, field)


def _errors(name: str, spf: Spf, field: str) -> t.Iterator[Finding]:
    """What makes receivers take the record for an error, and then for none."""
    if spf.invalid:
        message = f"the SPF record of {name} is an error to those who check it: {'; '.join(spf.invalid)}"
        yield Finding("spf_invalid", "warning", field, message, "correct it")
    if spf.dead:
        message = f"the SPF record of {name} leads to nothing: {'; '.join(spf.dead)}"
        yield Finding("spf_dead_end", "warning", field, message, "take out what is not there any more, or correct it")
    if spf.lookups > MOST_LOOKUPS:
        message = f"the SPF record of {name} takes {spf.lookups} look-ups, and more than {MOST_LOOKUPS} are an error"
        yield Finding("spf_too_many_lookups", "warning", field, message, "take out what no mail is sent through")
    if len(spf.void) > MOST_VOID_LOOKUPS:
        what = f"{len(spf.void)} look-ups that find nothing ({', '.join(spf.void)})"
        message = f"the SPF record of {name} has {what}, and more than {MOST_VOID_LOOKUPS} are an error"
        yield Finding("spf_void_lookups", "warning", field, message, "take them out")


def _weaknesses(name: str, spf: Spf, field: str) -> t.Iterator[Finding]:
    if spf.open_to_all:
        way = "" if len(spf.open_to_all) == 1 else f", by way of {' and '.join(spf.open_to_all[1:])}"
        message = f"the SPF record of {name} lets everybody send for it{way}"
        yield Finding("spf_for_all", "warning", field, message, "end it with -all or ~all, and include no such record")
    if spf.ptr:
        message = f"the SPF record of {name} has ptr, which is slow, and which some receivers pass over"
        advice = "name the servers' addresses in its place (RFC 7208, 5.5)"
        yield Finding("spf_ptr", "info", field, f"{message}: {'; '.join(spf.ptr)}", advice)
    if not spf.end and not (spf.invalid or spf.dead or spf.unanswered or spf.macros):
        message = f"the SPF record of {name} does not say what counts for servers that it does not name"
        yield Finding("spf_open_end", "info", field, message, "end it with -all or ~all")
    if spf.ignored:
        message = f"a part of the SPF record of {name} is without effect: {'; '.join(spf.ignored)}"
        yield Finding("spf_ignored_term", "warning", field, message, "correct it")


def _not_known(name: str, spf: Spf, field: str) -> t.Iterator[Finding]:
    if spf.unanswered:
        message = f"not all that the SPF record of {name} leads to could be read ({spf.unanswered})"
        yield Finding("spf_unanswered", "info", field, message, "try again, or name other servers with dns_servers")
    if spf.macros:
        message = (
            f"a part of the SPF record of {name} depends on the message, and was not judged: {', '.join(spf.macros)}"
        )
        yield Finding("spf_macro", "info", field, message, "send a test message, and look at what the receiver says")
