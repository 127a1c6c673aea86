# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates as they are met in the field: a good one, and those that a client has to refuse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, get_args

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from pathlib import Path

Certificate = Literal["good", "expired", "other_name", "self_signed", "unknown_authority"]
CERTIFICATES: tuple[Certificate, ...] = get_args(Certificate)

HOST = "localhost"
ADDRESS = "::1"
OTHER_NAME = "mail.example.com"
EXPIRED_ON = datetime(2025, 11, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Certificates:
    """Files in the PEM format: the ``authority`` that clients trust; for each kind, the key with its chain."""

    authority: Path
    chains: dict[Certificate, Path]


def make_certificates(directory: Path) -> Certificates:
    """Make one certificate of each kind below ``directory``, all but ``other_name`` for the host ``localhost``.

    That of the kind ``good`` is also for the address ``::1``, and for none of IPv4.
    """
    authority = trustme.CA(organization_name="mailfleet.email tests")
    authority_file = directory / "ca.pem"
    authority.cert_pem.write_to_path(authority_file)
    issued = {
        "good": authority.issue_cert(HOST, ADDRESS),
        "expired": authority.issue_cert(HOST, not_before=EXPIRED_ON - timedelta(days=90), not_after=EXPIRED_ON),
        "other_name": authority.issue_cert(OTHER_NAME),
        "unknown_authority": trustme.CA(organization_name="Nobody's authority").issue_cert(HOST),
    }
    texts = {kind: leaf.private_key_and_cert_chain_pem.bytes() for kind, leaf in issued.items()}
    texts["self_signed"] = _self_signed()
    chains = {kind: directory / f"{kind}.pem" for kind in CERTIFICATES}
    for kind, file in chains.items():
        file.touch(mode=0o600)
        file.write_bytes(texts[kind])
    return Certificates(authority_file, chains)


def _self_signed() -> bytes:
    """Return a key and the certificate that it signed for itself, as a fresh installation of a server has."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)
