#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""host_info: the documentation; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: host_info
short_description: Read all that is live on the servers of a host
version_added: 1.0.0
description:
  - Does in one task what M(mailfleet.email.email_account_info) does, and the modules like it of the other kinds of
    record, each where the host has a server of it.
  - The servers, the credentials and the fields that may be shown are variables of the host, those of the role
    P(mailfleet.email.gitops#role). Where the host does not say which server it has, C(module_defaults) of the product's
    action group and the environment count.
  - Each kind of record has its turn also where another one fails. A host without any server fails.
author:
  - mailfleet.email authors (@mailfleet)
extends_documentation_fragment:
  - mailfleet.email.attributes.controller
attributes:
  check_mode:
    description: Can run in check mode and say what it would do without doing it.
    support: full
    details:
      - It changes nothing.
  diff_mode:
    description: Returns what is changed, or would be in check mode.
    support: none
options:
  only:
    description:
      - The kinds of record that are read, by the names of their lists in documents; all of them without it.
    type: list
    elements: str
seealso:
  - module: mailfleet.email.export
  - module: mailfleet.email.host_sync
"""

EXAMPLES = r"""
- name: Read what is live
  mailfleet.email.host_info:
    only: [email_accounts, email_settings]
  register: live

- name: Write it down
  mailfleet.email.export:
    path: mail
    name: "{{ inventory_hostname }}"
    kinds: "{{ live.kinds }}"
"""

RETURN = r"""
kinds:
  description:
    - For each kind of record what its own module returns, such as
      RV(mailfleet.email.email_account_info#module:email_accounts). A kind of which the host has no server is skipped.
  returned: unless the host has no server
  type: dict
msg:
  description: What failed, in words.
  returned: on failure
  type: str
failure:
  description: The first failure, as data.
  returned: on failure
  type: dict
"""
