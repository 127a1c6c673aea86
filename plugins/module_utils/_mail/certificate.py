# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in a server's certificate, whether it can be trusted or not."""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import dataclass
from datetime import datetime, timezone

if t.TYPE_CHECKING:
    from cryptography import x509


@dataclass(frozen=True)
class Certificate:
    """A certificate: `names` are those it may be used for; `subject` and `issuer` are as RFC 4514 writes them."""

    subject: str
    issuer: str
    common_name: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime

    @property
    def self_signed(self) -> bool:
        """Whether it names itself as its authority."""
        return self.subject == self.issuer

    def is_for(self, host: str) -> bool:
        """Whether a server of this name or address may show it. Its subject counts where it has no other name."""
        names = self.names or (self.common_name,)
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return any(_names_host(name, host) for name in names)
        return str(address) in names

    def days_left(self, now: datetime) -> int:
        """How many whole days it is still valid; negative where it has expired."""
        return (self.not_after - now).days


def _names_host(name: str, host: str) -> bool:
    """Whether a name in a certificate, with or without a `*` in front, is that of a host."""
    try:
        labels = host.rstrip(".").encode("idna").decode("ascii").lower().split(".")
    except UnicodeError:
        return False
    first, *others = name.rstrip(".").lower().split(".")
    return others == labels[1:] and (first == labels[0] or (first == "*" and len(others) > 1))


def read_certificate(der: bytes) -> Certificate | None:
    """Read a certificate. Returns `None` where it is too far from the standard to be read."""
    from cryptography import x509

    try:
        return _read(x509.load_der_x509_certificate(der))
    except (ValueError, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return None


def _read(certificate: x509.Certificate) -> Certificate:
    from cryptography.x509.oid import NameOID

    common_names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Certificate(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        common_name=str(common_names[0].value) if common_names else "",
        names=_names(certificate),
        not_before=_in_utc(certificate, "not_valid_before"),
        not_after=_in_utc(certificate, "not_valid_after"),
    )


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    from cryptography import x509

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = [str(address) for address in names.get_values_for_type(x509.IPAddress)]
    return (*names.get_values_for_type(x509.DNSName), *addresses)


def _in_utc(certificate: x509.Certificate, name: str) -> datetime:
    """A time of a certificate. Before release 42 of cryptography it came without a time zone."""
    if hasattr(certificate, f"{name}_utc"):
        return t.cast(datetime, getattr(certificate, f"{name}_utc"))
    return t.cast(datetime, getattr(certificate, name)).replace(tzinfo=timezone.utc)
