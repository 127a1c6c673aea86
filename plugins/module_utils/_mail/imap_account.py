# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a mailbox is, and how it is reached."""

from __future__ import annotations

import ssl
import typing as t
from dataclasses import dataclass, field

from .password import Password
from .tls import Strictness, context_for

PORTS: t.Final = {"tls": 993, "starttls": 143, "none": 143}


@dataclass(frozen=True)
class Account:
    """Where a mailbox is, and who opens it. `ca_path` is a file or a directory; else the system's authorities count.

    `timeout` is how many seconds each step may take. With `by_command`, the login is the command LOGIN whatever else is
    offered.
    """

    host: str
    port: int
    encryption: str
    username: str
    password: Password = field(repr=False)
    validate_certs: bool
    ca_path: str | None
    timeout: float
    by_command: bool = False


def context_of(account: Account) -> ssl.SSLContext:
    """What TLS with the server is begun with."""
    return context_for(account.ca_path, Strictness.FULL if account.validate_certs else Strictness.NONE)


def advice_for(account: Account) -> str:
    """What to look at where a connection does not come about."""
    check = "Check host and port"
    if account.encryption == "tls":
        return f"{check}; where TLS begins later on this port, set encryption to starttls"
    return f"{check}; where the port speaks TLS from the first byte, set encryption to tls"
