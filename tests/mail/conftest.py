# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The servers, started once for each test process, and who has a mailbox there."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration.playbook import Playbook
from tests.mail.certificates import Certificates, make_certificates
from tests.mail.dovecot import Dovecot, run_dovecot
from tests.mail.postfix import Postfix, run_postfix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.client import Sandbox


@dataclass(frozen=True)
class User:
    """Someone who may send and read mail."""

    address: str
    password: str


@pytest.fixture(scope="session")
def running(running: Sandbox, certificates: Certificates) -> Sandbox:
    """The sandbox, whose products trust the authority of these servers as well as their own."""
    with Path(running.ready["smtp"]["ca_file"]).open("ab") as trusted:
        trusted.write(certificates.authority.read_bytes())
    return running


@pytest.fixture
def playbook(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Playbook:
    """Runs tasks in a playbook of their own; every module finds the sandbox and its credentials by itself."""
    return Playbook(tmp_path_factory.mktemp("play"), sandbox)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """The authority, and a certificate of each kind."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def dovecot(certificates: Certificates) -> Iterator[Dovecot]:
    """The mailboxes."""
    with run_dovecot(certificates) as server:
        yield server


@pytest.fixture(scope="session")
def postfix(certificates: Certificates, dovecot: Dovecot) -> Iterator[Postfix]:
    """The mail server."""
    with run_postfix(certificates, dovecot) as server:
        yield server


@pytest.fixture(scope="session")
def sender(dovecot: Dovecot) -> User:
    """Who may log in, and send from this address and no other's."""
    return _user(dovecot, "certs@example.com")


@pytest.fixture(scope="session")
def inbox(dovecot: Dovecot) -> User:
    """Whose mailbox it is that messages go to."""
    return _user(dovecot, "inbox@example.com")


def _user(dovecot: Dovecot, address: str) -> User:
    user = User(address, secrets.token_hex(12))
    dovecot.add_user(user.address, user.password)
    return user
