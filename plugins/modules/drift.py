#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""drift: the documentation; the action plugin of the same name does the work on the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: drift
short_description: Let the exit status tell whether a host is as described
version_added: 1.0.0
description:
  - Judges what tasks of M(mailfleet.email.email_accounts_sync) and M(mailfleet.email.email_settings_sync) found in
    check mode, and tells it in one message.
  - Where everything is as described, it succeeds. Where a record differs, it fails, and C(ansible-playbook) ends with
    the exit status 2. Where something could not be read, the host counts as unreachable, and the exit status is 4, also
    where another host differs.
  - With O(run_hosts) it judges the hosts of the run themselves, so that a run about no host is not taken for one
    without a difference.
  - The playbook C(mailfleet.email.drift) uses it.
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
  variables:
    description:
      - The kinds of record, each with the name of the variable in which the host registered the result of its task, or
        with dots the way into a part of one, such as C(synced.kinds.email_accounts).
      - One of O(variables), O(synced), O(run_hosts), O(moved_hosts) and O(rescued) is required.
    type: dict
  synced:
    description:
      - The name of the variable in which the host registered the result of M(mailfleet.email.host_sync).
      - One of O(variables), O(synced), O(run_hosts), O(moved_hosts) and O(rescued) is required.
    type: str
  undescribed_differs:
    description:
      - Whether it is a difference that something is live and not described. It is reported in any case.
    type: bool
    default: false
  run_hosts:
    description:
      - The names of the hosts of this run. None at all is never right.
      - One of O(variables), O(synced), O(run_hosts), O(moved_hosts) and O(rescued) is required.
    type: list
    elements: str
  expected_hosts:
    description:
      - How many O(run_hosts) there must be.
    type: int
  document_variable:
    description:
      - The name of the variable in which each host has the path of its document. Where documents are named after their
        hosts, it warns of those beside them that are named after no host of the inventory that the run has.
      - It takes O(run_hosts).
    type: str
  serial:
    description:
      - The stages in which the play goes on, as its C(serial), to be refused before the play if they are none. Ansible
        itself breaks off with an error of its own, or does all hosts at once where it is 0 or an empty list.
      - It takes O(run_hosts).
    type: raw
  max_fail_percentage:
    description:
      - How many hosts of a stage may fail, as the C(max_fail_percentage) of the play, to be refused if it is no
        percentage.
      - It takes O(run_hosts).
    type: raw
  unreachable:
    description:
      - Whether the host of the task counts as unreachable where O(run_hosts) are not right. If not, the task fails.
    type: bool
    default: true
  moved_hosts:
    description:
      - The names of the hosts that are not as they were reviewed, or could not be compared with that. Where there is
        one the task fails, which is of the whole run, and not of the host that has to tell it.
      - One of O(variables), O(synced), O(run_hosts), O(moved_hosts) and O(rescued) is required.
    type: list
    elements: str
  rescued:
    description:
      - Whether the host failed in a task that a block rescued, so that something was done about it. Then it fails here
        again, so that it counts as failed, and a play in stages stops as it would have without the block. The report
        tells the failure once.
      - One of O(variables), O(synced), O(run_hosts), O(moved_hosts) and O(rescued) is required.
    type: bool
seealso:
  - module: mailfleet.email.email_accounts_sync
  - module: mailfleet.email.email_settings_sync
"""

EXAMPLES = r"""
- name: Compare
  mailfleet.email.email_accounts_sync:
    api_url: "{{ itflex_api_url }}"
    refresh_token: "{{ itflex_refresh_token }}"
    accounts: "{{ email_accounts }}"
    undescribed: true
  check_mode: true
  ignore_errors: true
  register: compared_accounts

- name: Six appliances are in this run
  mailfleet.email.drift:
    run_hosts: "{{ ansible_play_hosts_all }}"
    expected_hosts: 6
  run_once: true

- name: Tell what came of it
  mailfleet.email.drift:
    variables:
      email_accounts: compared_accounts
"""

RETURN = r"""
msg:
  description: Everything that was found, in words.
  returned: always
  type: str
different:
  description: What differs, without values.
  returned: with O(variables) or O(synced)
  type: list
  elements: str
unknown:
  description:
    - Which passwords are written without knowing whether they differ, since the server does not show them. It is no
      difference.
  returned: with O(variables) or O(synced)
  type: list
  elements: str
undescribed:
  description: What is live and not described.
  returned: with O(variables) or O(synced)
  type: list
  elements: str
unread:
  description: What could not be read or compared, and why.
  returned: with O(variables) or O(synced)
  type: list
  elements: str
failure:
  description: Why the task could not judge, as data. RV(msg) says the same in words.
  returned: when the options are wrong, or the hosts are not as they must be
  type: dict
  contains:
    kind:
      description:
        - What kind of failure this is.
        - V(input), an option is wrong.
        - V(hosts), there are not as many hosts as there must be.
        - V(moved), hosts are not as they were reviewed.
      returned: always
      type: str
      choices: [input, hosts, moved]
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
