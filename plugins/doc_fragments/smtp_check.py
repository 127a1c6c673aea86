# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the modules that check SMTP settings without the product."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of the modules that check SMTP settings without the product."""

    DOCUMENTATION = r"""
options:
  log_in:
    description:
      - Whether the login is tried, where a password is given. A server may count a refused one, and lock the user out
        after some of them.
      - The password is sent over an encrypted connection to a server whose certificate is good, and nowhere else unless
        the checked settings say so themselves.
    type: bool
    default: true
  fail_on:
    description:
      - Which findings make the task fail.
      - With V(error), those with which no mail can be sent. With V(warning), also those with which it can, while
        something is not as it should be. With V(never), none.
      - A task that does not fail shows the warnings among its findings as warnings.
    type: str
    choices: [error, warning, never]
    default: error
  dns_servers:
    description:
      - The DNS servers to ask for the MX and the SPF records of the sender's domain, each C(address) or
        C(address:port). Without it, those of the system are asked. An address cannot be given with two ports.
      - The address of the SMTP server is found as every program of the host finds it.
    type: list
    elements: str
  ca_path:
    description:
      - A file with the certificates of the authorities to trust, or a directory of them, on the host that runs the
        module.
      - Without it, the authorities count that this host trusts. The product may trust others.
    type: path
  timeout:
    description:
      - How many seconds each step may take, such as a question to the DNS, a connection, the TLS handshake, or the
        answer to one command.
    type: float
    default: 10
requirements:
  - requests >= 2.28
  - voluptuous >= 0.13
  - dnspython >= 2.3
  - cryptography >= 38
notes:
  - The check is made from the host that runs the module. What the product sees may differ, behind a firewall or with
    another DNS. Let the task run near the product.
  - No message is sent, in check mode or not. The connections show in the log of the SMTP server.
  - Where the server does not speak as configured, the other way is tried, so that one run finds as much as it can.
  - The result holds no secret. What the server says is left out where it repeats the password.
"""
