#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""hand_on: the documentation; the action plugin of the same name does the work on the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: hand_on
short_description: Hand the plan and the report of a slice on to what runs after it
version_added: 1.0.0
description:
  - Hands both on as C(ansible.builtin.set_stats) does, in one variable, whose name is the same for the same hosts and
    another one for each other slice of a job. Of a slice that ran on another machine nothing else comes back, and AWX
    gives such variables to the jobs that follow in a workflow.
  - What is handed on is compressed, and is no template to whoever reads it. It holds no secret.
  - The report is the one of the callback plugin P(mailfleet.email.report#callback), as far as the run has come, so the
    plugin has to be enabled.
  - The playbooks C(mailfleet.email.plan), C(mailfleet.email.apply) and C(mailfleet.email.drift) use it with
    C(mailfleet_hand_on=true). M(mailfleet.email.merge) takes what it hands on.
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
  run:
    description:
      - Which run this is.
    type: str
    required: true
    choices: [plan, drift, apply]
  hosts:
    description:
      - The names of all hosts of the run.
    type: list
    elements: str
    required: true
  plan_path:
    description:
      - The file of the plan on the controller. Without it, and where there is none, only the report is handed on;
        so it is, with a warning, where it cannot be read.
    type: path
seealso:
  - module: mailfleet.email.merge
  - module: mailfleet.email.plan_file
"""

EXAMPLES = r"""
- name: Hand on what was planned
  mailfleet.email.hand_on:
    run: plan
    hosts: "{{ ansible_play_hosts_all }}"
    plan_path: plan.json
  run_once: true
"""

RETURN = r"""
name:
  description: The variable.
  returned: unless the options are wrong
  type: str
  sample: mailfleet_plan_of_1f2e3d4c5b6a
handed_on:
  description: What is in it, as C(plan) and C(report).
  returned: unless the options are wrong
  type: list
  elements: str
failure:
  description: Why the task failed, as data. RV(ignore:msg) says the same in words.
  returned: when the options are wrong
  type: dict
  contains:
    kind:
      description:
        - What kind of failure this is.
        - V(input), an option is wrong.
      returned: always
      type: str
      choices: [input]
    problems:
      description: Everything that is wrong with the options.
      returned: always
      type: list
      elements: dict
"""
