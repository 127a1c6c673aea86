#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""plan_file: the documentation; the action plugin of the same name does the work on the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: plan_file
short_description: Write what was planned for all hosts to a file
version_added: 1.0.0
description:
  - Writes what tasks of M(mailfleet.email.email_accounts_sync) and M(mailfleet.email.email_settings_sync) would do, for
    people to review and for O(mailfleet.email.email_accounts_sync#module:plan.path) to read.
  - The file holds names of records, actions, names of fields and fingerprints, no values and no secrets. A digest over
    all of it notices where it was cut off or changed. With O(key) the digest is a signature, which only those can make
    who have the key.
  - The playbook C(mailfleet.email.plan) uses it.
author:
  - mailfleet.email authors (@mailfleet)
extends_documentation_fragment:
  - mailfleet.email.attributes.controller
  - mailfleet.email.plan_file
attributes:
  check_mode:
    description: Can run in check mode and say what it would do without doing it.
    support: none
    details:
      - The file is written in check mode too, since that is how plans are made.
  diff_mode:
    description: Returns what is changed, or would be in check mode.
    support: none
options:
  path:
    description:
      - The file on the controller. Its directory is made if it is not there.
    type: path
    required: true
  hosts:
    description:
      - The names of the hosts whose plans belong into the file.
      - Required with O(state=present) and O(state=checked).
    type: list
    elements: str
  variables:
    description:
      - The kinds of record, each with the name of the variable in which each host registered the result of its task,
        or with dots the way into a part of one, such as C(synced.kinds.email_accounts).
        The tasks had the option O(mailfleet.email.email_accounts_sync#module:plan).
      - A host where one of these results is missing or a failure is listed as one that was not planned.
      - One of O(variables) and O(synced) is required with O(state=present).
    type: dict
  synced:
    description:
      - The name of the variable in which each host registered the result of M(mailfleet.email.host_sync), with its
        option O(mailfleet.email.host_sync#module:plan).
      - One of O(variables) and O(synced) is required with O(state=present).
    type: str
  state:
    description:
      - V(present) writes the file.
      - V(absent) removes it, so that no old plan is left if the run ends early.
      - V(checked) reads it, and fails where it was changed or cut off, or is not about O(hosts).
    type: str
    choices: [present, absent, checked]
    default: present
  subset:
    description:
      - Whether the plan may be about more hosts than O(hosts), with O(state=checked). They are named in RV(others) and
        in a warning.
    type: bool
    default: false
  unplanned:
    description:
      - What becomes of O(hosts) that could not be planned, with O(state=checked). With V(skip) they are named in
        RV(left_out) and in a warning, so that the play can go on without them.
    type: str
    choices: [fail, skip]
    default: fail
seealso:
  - module: mailfleet.email.email_accounts_sync
  - module: mailfleet.email.email_settings_sync
"""

EXAMPLES = r"""
- name: Plan the accounts of each appliance
  mailfleet.email.email_accounts_sync:
    api_url: "{{ itflex_api_url }}"
    refresh_token: "{{ itflex_refresh_token }}"
    accounts: "{{ email_accounts }}"
    plan: {}
  check_mode: true
  register: planned_accounts

- name: Write the plan of all of them
  mailfleet.email.plan_file:
    path: plan.json
    hosts: "{{ ansible_play_hosts_all }}"
    variables:
      email_accounts: planned_accounts
  run_once: true
"""

RETURN = r"""
changed:
  description:
    - Whether the file was written with another content than it had, or was removed. In check mode too, since then it is
      written and removed as well.
    - Always V(false) with O(state=checked).
  returned: always
  type: bool
path:
  description: The file.
  returned: success
  type: str
signed:
  description: Whether the plan is signed. The first line of the file says it too.
  returned: success, unless O(state=absent)
  type: bool
planned:
  description: The hosts whose plans are in the file.
  returned: success, unless O(state=absent)
  type: list
  elements: str
not_planned:
  description: The hosts that could not be planned.
  returned: success, unless O(state=absent)
  type: list
  elements: str
others:
  description: The hosts of the plan that are not among O(hosts), with O(subset=true).
  returned: success, unless O(state=absent)
  type: list
  elements: str
left_out:
  description: Those of O(hosts) that could not be planned, with O(unplanned=skip).
  returned: success, unless O(state=absent)
  type: list
  elements: str
failure:
  description: Why the task failed, as data. RV(ignore:msg) says the same in words.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - What kind of failure this is.
        - V(input), an option is wrong.
        - V(plan), the file could not be read or written, or is not this plan.
      returned: always
      type: str
      choices: [input, plan]
    problems:
      description: Everything that is wrong with the options.
      returned: with RV(failure.kind=input)
      type: list
      elements: dict
      contains:
        field:
          description: The option that it is about; empty where the message names it.
          type: str
        message:
          description: What is wrong.
          type: str
"""
