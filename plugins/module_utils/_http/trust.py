# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom a TLS connection trusts, and who it says it is: what `ansible.builtin.uri` would do, made once for a process.

To load the system's authorities takes longer than a request. So there is one context for all connections that trust the
same, and where Ansible forks a process for each host, the parent makes it before.
"""

from __future__ import annotations

import os
import ssl
import typing as t
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

# As requests reads them: the first of them that is set names the only authorities to trust.
_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
# What OpenSSL reads itself.
_STORES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
# Where `ansible.builtin.uri` looks beside OpenSSL's own places; see get_ca_certs() in ansible.module_utils.urls.
_FOLDERS = ("/etc/pki/tls/certs", "/usr/local/share/certs", "/etc/ansible")
_SUFFIXES = frozenset((".pem", ".cer", ".crt"))

if t.TYPE_CHECKING:
    Environment = tuple[t.Optional[str], ...]


class TrustError(Exception):
    """A file that TLS cannot begin without is no use; `option` says who named it."""

    def __init__(self, option: str, path: str, reason: str) -> None:
        super().__init__(f"{path} {reason}")
        self.option = option


@dataclass(frozen=True)
class Trust:
    """Whom to trust: the system's authorities and those of `ca_path`, or whoever answers; and the client's certificate.

    `client_key` is `None` where `client_cert` holds the key as well.
    """

    validate_certs: bool = True
    ca_path: str | None = None
    client_cert: str | None = None
    client_key: str | None = None


_lock = Lock()
_made: dict[tuple[Trust, Environment], ssl.SSLContext] = {}
# Made before a fork, with the usual authorities, and not used yet.
_spare: dict[Environment, ssl.SSLContext] = {}


def prepare() -> None:
    """Make a context with the usual authorities, which all processes that are forked from this one inherit."""
    environment = _environment()
    if environment not in _spare:
        # Who needs it learns what is wrong, and with which request.
        with suppress(TrustError):
            _spare[environment] = _with_usual_authorities()


def context_for(trust: Trust) -> ssl.SSLContext:
    """Return the one context of this process for all connections that trust the same. Raises `TrustError`."""
    key = (trust, _environment())
    with _lock:
        if key not in _made:
            _made[key] = _new_context(trust)
        return _made[key]


def _environment() -> Environment:
    return tuple(os.environ.get(name) for name in (*_BUNDLES, *_STORES))


def _new_context(trust: Trust) -> ssl.SSLContext:
    if trust.validate_certs:
        context = _spare.pop(_environment(), None) or _with_usual_authorities()
        if trust.ca_path:
            _add(context, "ca_path", trust.ca_path)
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if trust.client_cert:
        # A server may ask for it only when it sees the request.
        context.post_handshake_auth = True
        _show(context, trust.client_cert, trust.client_key)
    return context


def _with_usual_authorities() -> ssl.SSLContext:
    """Trust what the environment names, else the system's authorities, else those that requests brings along."""
    for name in _BUNDLES:
        if bundle := os.environ.get(name):
            with _reading(name, bundle):
                if Path(bundle).is_dir():
                    return ssl.create_default_context(capath=bundle)
                return ssl.create_default_context(cafile=bundle)
    context = ssl.create_default_context()
    for folder in _FOLDERS:
        if folder != ssl.get_default_verify_paths().capath:
            _add_files(context, folder)
    if not _trusts_anybody(context):
        from requests import certs

        context.load_verify_locations(cafile=certs.where())  # type: ignore[attr-defined]
    return context


def _trusts_anybody(context: ssl.SSLContext) -> bool:
    """Whether there is a system's store. What lies in a folder is read only when it is needed, and not counted."""
    folder = ssl.get_default_verify_paths().capath
    return context.cert_store_stats()["x509_ca"] > 0 or bool(folder and any(Path(folder).glob("*.[0-9]")))


def _add(context: ssl.SSLContext, option: str, path: str) -> None:
    """Trust the authorities in a file, or in a folder: those by whose names OpenSSL looks them up, and all others."""
    with _reading(option, path):
        if Path(path).is_dir():
            context.load_verify_locations(capath=path)
            _add_files(context, path)
        else:
            context.load_verify_locations(cafile=path)


@contextmanager
def _reading(option: str, path: str) -> t.Iterator[None]:
    """Let errors of reading a file say which option or variable names it."""
    try:
        yield
    except ssl.SSLError:
        raise TrustError(option, path, "holds no certificate in the format PEM") from None
    except (OSError, ValueError) as exc:
        raise TrustError(option, path, f"cannot be read: {getattr(exc, 'strerror', None) or 'it is no path'}") from None


def _add_files(context: ssl.SSLContext, folder: str) -> None:
    """Trust the certificates that lie in a folder; what is something else is passed over."""
    with suppress(OSError):
        for file in sorted(Path(folder).iterdir()):
            if file.suffix in _SUFFIXES:
                with suppress(OSError):
                    context.load_verify_locations(cafile=str(file))


def _show(context: ssl.SSLContext, certificate: str, key: str | None) -> None:
    """Show servers this certificate, where they ask for one."""
    for option, path in (("client_cert", certificate), ("client_key", key)):
        if path is not None:
            with _reading(option, path):
                Path(path).read_bytes()
    try:
        # Without a function OpenSSL would ask whoever sits at the terminal.
        context.load_cert_chain(certificate, key, password=_refuse_passphrase)
    except _Encrypted:
        reason = "is protected by a passphrase, which nobody could type: give a key without one"
        raise TrustError("client_key", key or certificate, reason) from None
    except ssl.SSLError as exc:
        if exc.reason == "KEY_VALUES_MISMATCH":
            raise TrustError("client_key", key or certificate, f"is not the key of {certificate}") from None
        reason = "and its key are no certificate and key in the format PEM"
        raise TrustError("client_cert", certificate, reason) from None


class _Encrypted(Exception):
    """A key is protected by a passphrase."""


def _refuse_passphrase() -> str:
    raise _Encrypted
