#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""merge: the documentation; the action plugin of the same name does the work on the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: merge
short_description: Make one plan and one report of those of the slices of a job
version_added: 1.0.0
description:
  - Takes the plans and the reports of runs that were each about a part of the hosts, from files or from the variables
    in which M(mailfleet.email.hand_on) handed them on.
  - The plan is to the letter the one that a run about all hosts writes. The callback plugin
    P(mailfleet.email.report#callback) shows and writes the report in all of its forms, in the place of the report of
    the run that merges.
  - Two parts that are about one host are refused, and so are hosts that no part is about. Then nothing is written.
  - The playbook C(mailfleet.email.merge) uses it, and so does C(mailfleet.email.apply) where a plan was handed on.
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
      - Files are written in check mode too, since that is how plans are made.
  diff_mode:
    description: Returns what is changed, or would be in check mode.
    support: none
options:
  plans:
    description:
      - The files of plans, or patterns of such.
    type: list
    elements: path
    default: []
  reports:
    description:
      - The files of reports as JSON, or patterns of such.
    type: list
    elements: path
    default: []
  handed_on:
    description:
      - The names of the variables in which plans and reports were handed on. Where several runs handed reports on,
        those of the last one count - C(apply) before C(drift), and C(drift) before C(plan).
    type: list
    elements: str
    default: []
  parts:
    description:
      - What is merged.
    type: list
    elements: str
    choices: [plan, report]
    default: [plan, report]
  hosts:
    description:
      - The names of all hosts that plans and reports have to be about. Without it nobody knows whether one is missing.
    type: list
    elements: str
  plan_path:
    description:
      - The file of the plan on the controller. Its directory is made if it is not there.
      - Without it the plan is written to a file that is removed when C(ansible-playbook) ends.
    type: path
  hand_on:
    description:
      - Whether the plan is handed on in the variable C(mailfleet_merged_plan).
    type: bool
    default: false
seealso:
  - module: mailfleet.email.hand_on
  - module: mailfleet.email.plan_file
"""

EXAMPLES = r"""
- name: One plan of those that each slice wrote to a folder that they share
  mailfleet.email.merge:
    plans: ["slices/plan-*.json"]
    reports: ["slices/report-*.json"]
    hosts: "{{ groups['all'] }}"
    plan_path: plan.json
"""

RETURN = r"""
merged:
  description: What was merged, as C(plan) and C(report).
  returned: unless the options are wrong
  type: list
  elements: str
changed:
  description:
    - Whether the plan was written with another content than its file had. In check mode too, since then it is written
      as well.
  returned: always
  type: bool
path:
  description: The file of the plan.
  returned: where a plan was merged
  type: str
planned:
  description: The hosts whose plans are in the file.
  returned: where a plan was merged
  type: list
  elements: str
not_planned:
  description: The hosts that could not be planned.
  returned: where a plan was merged
  type: list
  elements: str
report:
  description: The file of the report as JSON, which is removed when C(ansible-playbook) ends.
  returned: where a report was merged
  type: str
failure:
  description: Why nothing was merged, as data. RV(ignore:msg) says it in words.
  returned: failed
  type: dict
  contains:
    kind:
      description:
        - What kind of failure this is.
        - V(input), an option is wrong.
        - V(parts), a part cannot be read, the parts are no whole, or what they make cannot be written.
      returned: always
      type: str
      choices: [input, parts]
    problems:
      description: Everything that is wrong with the options.
      returned: with RV(failure.kind=input)
      type: list
      elements: dict
"""
