# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates of every kind that a mail server may have."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from pathlib import Path


class Certificates:
    """An authority that `ca_path` leads to, and contexts for servers with good and with bad certificates."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._authority = trustme.CA(organization_name="Good authority")
        self.ca_path = str(directory / "authority.pem")
        self._authority.cert_pem.write_to_path(self.ca_path)

    def good(self, *names: str) -> ssl.SSLContext:
        """One of the trusted authority, for these names or for `localhost`."""
        return _context_of(self._authority.issue_cert(*(names or ("localhost",))))

    def good_with_intermediate(self) -> ssl.SSLContext:
        """One that another authority signed, which the trusted one signed; the server sends both."""
        return _context_of(self._authority.create_child_ca().issue_cert("localhost"))

    def without_intermediate(self) -> ssl.SSLContext:
        """The same where the server sends its own alone."""
        issued = self._authority.create_child_ca().issue_cert("localhost")
        pem = self._directory / "alone.pem"
        pem.write_bytes(issued.private_key_pem.bytes() + issued.cert_chain_pems[0].bytes())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(pem))
        return context

    def hashed_directory(self) -> str:
        """A directory with the trusted authority, as OpenSSL wants one."""
        directory = self._directory / "hashed"
        directory.mkdir(exist_ok=True)
        words = ["openssl", "x509", "-hash", "-noout", "-in", self.ca_path]
        hashed = subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
        shutil.copy(self.ca_path, directory / f"{hashed}.0")
        return str(directory)

    def expired(self, name: str = "localhost") -> ssl.SSLContext:
        """One that expired ten days ago."""
        now = datetime.now(timezone.utc)
        begin, end = now - timedelta(days=90), now - timedelta(days=10, hours=1)
        return _context_of(self._authority.issue_cert(name, not_before=begin, not_after=end))

    def of_other_authority(self) -> ssl.SSLContext:
        """One of an authority that nobody trusts."""
        return _context_of(trustme.CA(organization_name="Other authority").issue_cert("localhost"))

    def self_signed(self) -> ssl.SSLContext:
        """One that is its own authority."""
        return self._made("self-signed", names=True)

    def with_subject_only(self) -> ssl.SSLContext:
        """One of the trusted authority whose name stands in its subject alone."""
        return self._made("subject", names=False, authority=self._authority)

    def with_a_weak_key(self) -> ssl.SSLContext:
        """One of the trusted authority with a key of 1024 bits."""
        return self._signed_by_openssl("weak-key", "rsa:1024", "-sha256")

    def with_a_weak_signature(self) -> ssl.SSLContext:
        """One of the trusted authority, signed with SHA-1."""
        return self._signed_by_openssl("weak-signature", "rsa:2048", "-sha1")

    def _signed_by_openssl(self, name: str, key: str, digest: str) -> ssl.SSLContext:
        """One that Python's libraries would not make."""
        folder = self._directory
        (folder / "authority-key.pem").write_bytes(self._authority.private_key_pem.bytes())
        own, request, pem = folder / f"{name}-key.pem", folder / f"{name}.csr", folder / f"{name}.pem"
        made = f"openssl req -newkey {key} -nodes -keyout {own} -out {request} -subj /CN=localhost"
        authority = f"-CA {self.ca_path} -CAkey {folder / 'authority-key.pem'}"
        signed = f"openssl x509 -req -in {request} {authority} -days 30 {digest}"
        for words in (made, f"{signed} -set_serial 7 -out {pem}"):
            subprocess.run(words.split(" "), check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        context.load_cert_chain(str(pem), str(own))
        return context

    def _made(self, file: str, *, names: bool, authority: trustme.CA | None = None) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        issuer, signer = subject, key
        if authority is not None:
            parent: Any = x509.load_pem_x509_certificate(authority.cert_pem.bytes())
            signer = serialization.load_pem_private_key(authority.private_key_pem.bytes(), None)  # type: ignore[assignment]
            issuer = parent.subject
        now = datetime.now(timezone.utc)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=90))
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        pem = self._directory / f"{file}.pem"
        pem.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(pem))
        return context


def _context_of(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
