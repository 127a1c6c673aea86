# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in certificates."""

from __future__ import annotations

import ssl
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
    "damaged", [b"", b"no certificate", der("mail.example.com")[:-20]], ids=["empty", "another", "cut off"]
)
def test_what_is_no_certificate(damaged: bytes) -> None:
    assert read_certificate(damaged) is None
