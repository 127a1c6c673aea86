# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in certificates."""

from __future__ import annotations

import ssl
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
import trustme

from ansible_collections.mailfleet.email.plugins.module_utils._mail.certificate import Certificate, read_certificate

BEGIN = datetime(2026, 1, 1, tzinfo=timezone.utc)
END = datetime(2026, 4, 1, tzinfo=timezone.utc)


def der(*names: str) -> bytes:
    issued = trustme.CA(organization_name="Authority").issue_cert(*names, not_before=BEGIN, not_after=END)
    return ssl.PEM_cert_to_DER_cert(issued.cert_chain_pems[0].bytes().decode())


def read(*names: str) -> Certificate:
    certificate = read_certificate(der(*names))
    assert certificate is not None
    return certificate


def test_names_and_dates() -> None:
    certificate = read("mail.example.com", "*.example.com", "192.0.2.25")
    assert certificate.names == ("mail.example.com", "*.example.com", "192.0.2.25")
    assert (certificate.not_before, certificate.not_after) == (BEGIN, END)
    assert "O=Authority" in certificate.issuer
    assert not certificate.self_signed


def test_days_left() -> None:
    certificate = read("mail.example.com")
    assert certificate.days_left(END - timedelta(days=3, hours=1)) == 3
    assert certificate.days_left(END - timedelta(hours=1)) == 0
    assert certificate.days_left(END + timedelta(days=2)) == -2


@pytest.mark.parametrize(
    ("names", "host", "is_for"),
    [
        (["mail.example.com"], "MAIL.example.com.", True),
        (["mail.example.com"], "example.com", False),
        (["mail.example.com"], "x.mail.example.com", False),
        (["*.example.com"], "mail.example.com", True),
        (["*.example.com"], "example.com", False),
        (["*.example.com"], "a.mail.example.com", False),
        (["a.example.com", "b.example.com"], "b.example.com", True),
        (["xn--mnchen-3ya.example"], "m\u00fcnchen.example", True),
        (["mail.example.com"], "a..b", False),
        (["192.0.2.25"], "192.0.2.25", True),
        (["192.0.2.25"], "192.0.2.26", False),
        (["2001:db8::25"], "2001:DB8:0::25", True),
    ],
)
def test_whose_it_is(names: list[str], host: str, is_for: bool) -> None:
    assert read(*names).is_for(host) is is_for


def test_subject_counts_where_there_are_no_names() -> None:
    certificate = replace(read("mail.example.com"), names=(), common_name="smtp.example.com")
    assert certificate.is_for("smtp.example.com")
    assert not certificate.is_for("mail.example.com")
    assert not replace(certificate, common_name="*.com").is_for("example.com")
    assert not replace(certificate, common_name="").is_for("example.com")


@pytest.mark.parametrize(
    "damaged", [b"", b"no certificate", der("mail.example.com")[:-20]], ids=["empty", "another", "cut off"]
)
def test_what_is_no_certificate(damaged: bytes) -> None:
    assert read_certificate(damaged) is None
