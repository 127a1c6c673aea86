# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts a sandbox from a test and steers it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from .webitel_cloud_client import WebitelCloud

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROJECT = Path(__file__).resolve().parents[2]
_START_SECONDS = 20
_STOP_SECONDS = 10

Document = dict[str, Any]


class Sandbox:
    """A running sandbox. ``ready`` says where it listens and which credentials are good."""

    def __init__(self, process: subprocess.Popen[bytes], ready: Document) -> None:
        """Steer the sandbox of ``process``; use ``start`` to get one."""
        self.ready = ready
        self.url: str = ready["url"]
        self.webitel_cloud = WebitelCloud(self.control)
        self._process = process
        self._session = requests.Session()
        # Proxies in the environment are not for a server on this machine.
        self._session.trust_env = False
        self._session.verify = ready["ca_file"]

    @classmethod
    @contextmanager
    def start(
        cls, data_dir: Path, traps: Mapping[str, object] | None = None, host: str = "127.0.0.1", *, tls: bool = False
    ) -> Iterator[Sandbox]:
        """Start a sandbox that keeps its data in ``data_dir``, and stop it at the end of the block.

        ``host`` is the loopback address on which it listens, with ``tls`` over HTTPS.

        Raises ``RuntimeError`` with the sandbox's own words where it does not come up.
        """
        data_dir = data_dir.resolve()
        data_dir.mkdir(parents=True, exist_ok=True)
        ready_file = data_dir / "ready.json"
        ready_file.unlink(missing_ok=True)
        words = [sys.executable, "-m", "tests.sandbox", "--data", str(data_dir), "--ready-file", str(ready_file)]
        words += ["--host", host, *(["--tls"] if tls else [])]
        for name, value in (traps or {}).items():
            words += ["--trap", f"{name}={value}"]
        with (data_dir / "sandbox.log").open("wb") as log:
            silent = subprocess.DEVNULL
            process = subprocess.Popen(words, cwd=_PROJECT, stdin=silent, stdout=silent, stderr=log)
        try:
            yield cls(process, _wait_until_ready(process, ready_file))
        finally:
            _stop(process)

    def control(self, method: str, path: str, document: object = None, **parameters: str) -> Any:
        """Send one request to the control API; return its JSON. Raises ``requests.HTTPError`` on a refusal."""
        response = self._session.request(
            method, f"{self.url}/_sandbox/{path}", json=document, params=parameters, timeout=60
        )
        response.raise_for_status()
        return response.json() if response.content else None

    def traps(self, **changes: object) -> Document:
        """Set the named switches; return all of them."""
        switches: Document = self.control("PATCH", "traps", changes)
        return switches

    def reset(self) -> None:
        """Forget everything but the credentials; default switches."""
        self.control("POST", "reset")

    def requests(self) -> list[Document]:
        """Return the vendor requests since the last ``reset`` or ``clear_requests``."""
        entries: list[Document] = self.control("GET", "requests")
        return entries

    def clear_requests(self) -> None:
        """Empty the request log."""
        self.control("DELETE", "requests")

    def messages(self) -> list[Document]:
        """Return what arrived at the mail server."""
        entries: list[Document] = self.control("GET", "messages")
        return entries

    def accounts(self) -> list[Document]:
        """Return the stored iTFLEX accounts, passwords included."""
        entries: list[Document] = self.control("GET", "itflex/accounts")
        return entries

    def add_accounts(self, accounts: list[Document]) -> list[int]:
        """Store iTFLEX accounts unchecked; return their ids."""
        ids: list[int] = self.control("POST", "itflex/accounts", accounts)
        return ids

    def add_template(self, name: str, account_id: int | None) -> Document:
        """Store an iTFLEX template of a message that ``account_id`` sends; return it with its ``id``."""
        template: Document = self.control("POST", "itflex/templates", {"name": name, "email_account_id": account_id})
        return template

    def expire_tokens(self) -> None:
        """End all iTFLEX access tokens, the fixed one until the next ``reset``."""
        self.control("POST", "itflex/expire_tokens")

    def settings(self) -> dict[str, Document]:
        """Return the stored Webitel records by domain, passwords included."""
        return {record["domain"]: record for record in self.control("GET", "webitel/settings")}

    def add_domains(self, *domains: str) -> None:
        """Make Webitel domains known."""
        self.control("POST", "webitel/domains", domains)

    def add_domains_of(self, document: object) -> None:
        """Make every Webitel domain known that a document names as ``domain``, at whatever depth."""
        self.add_domains(*_domains_in(document))

    @property
    def root(self) -> Document:
        """The token and key of Webitel's root user, by the names of the modules' options."""
        return {name: self.ready["webitel"][name] for name in ("access_token", "key")}

    def put_settings(self, domain: str, record: Document) -> Document:
        """Store a Webitel record unchecked; return it with its ``_id``."""
        stored: Document = self.control("PUT", f"webitel/settings/{domain}", record)
        return stored

    def tokens(self, domain: str | None = None, kind: str = "domain") -> Document:
        """Make a Webitel token, bound to ``domain``; return ``access_token`` and, for a user token, ``key``."""
        token: Document = self.control("POST", "webitel/tokens", {"domain": domain, "kind": kind})
        return token

    def sessions(self) -> list[Document]:
        """Return the Webitel logins that have not been ended."""
        entries: list[Document] = self.control("GET", "webitel/sessions")
        return entries

    def add_mail_user(self, username: str, password: str) -> None:
        """Let someone log in to the mail server."""
        self.control("POST", "smtp/users", {"username": username, "password": password})

    def fault(self, path: str, **script: object) -> None:
        """Script an answer for requests whose path begins with ``path``; see ``faults.Fault`` for the rest."""
        self.control("POST", "faults", {"path": path, **script})


def _domains_in(document: object) -> Iterator[str]:
    if isinstance(document, Mapping):
        if isinstance(document.get("domain"), str):
            yield document["domain"]
        document = document.values()
    if isinstance(document, Iterable) and not isinstance(document, str):
        for part in document:
            yield from _domains_in(part)


def _wait_until_ready(process: subprocess.Popen[bytes], ready_file: Path) -> Document:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if ready_file.exists():
            ready: Document = json.loads(ready_file.read_text(encoding="utf-8"))
            return ready
        time.sleep(0.01)
    log = ready_file.with_name("sandbox.log").read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"The sandbox did not start:\n{log}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.kill(process.pid, signal.SIGTERM)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
