# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificates of the servers and the authority that signed them, made once per data directory."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from pathlib import Path


def authority_file(directory: Path) -> Path:
    """Return where the authority's certificate lies, for clients that are to trust it."""
    return directory / "ca.pem"


def web_file(directory: Path) -> Path:
    """Return where the certificate of the products' APIs and its key lie: for this machine, by name and addresses."""
    return directory / "web.pem"


def server_context(directory: Path) -> ssl.SSLContext:
    """Return what the mail server needs to speak TLS.

    The certificate is for the name ``localhost`` alone: connecting to ``127.0.0.1`` is how to meet a certificate that
    is good but for another name.
    """
    server_file = directory / "server.pem"
    if not (server_file.exists() and web_file(directory).exists()):
        authority = trustme.CA(organization_name="mailfleet.email sandbox")
        certificate = authority.issue_cert("localhost")
        authority.cert_pem.write_to_path(authority_file(directory))
        _write(authority.issue_cert("localhost", "127.0.0.1", "::1"), web_file(directory))
        _write(certificate, server_file)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(server_file)
    return context


def _write(certificate: trustme.LeafCert, file: Path) -> None:
    file.touch(mode=0o600)
    certificate.private_key_and_cert_chain_pem.write_to_path(file)
