#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""host_sync: the documentation; the action plugin of the same name does the work."""

from __future__ import annotations

DOCUMENTATION = r"""
module: host_sync
short_description: Bring all that the variables of a host describe to its state
version_added: 1.0.0
description:
  - Does in one task what M(mailfleet.email.email_accounts_sync) does, and the modules like it of the other kinds of
    record, each where the host describes such records. What is described, the servers, the credentials and how it is
    worked with are variables of the host, those of the role P(mailfleet.email.gitops#role).
  - A variable that is not there, or is null, is an option that is not given. What a host does not have is not looked
    at.
  - Each kind of record has its turn also where another one fails.
  - A task of its own for each product takes Ansible longer than the work. The role uses it.
author:
  - mailfleet.email authors (@mailfleet)
extends_documentation_fragment:
  - mailfleet.email.attributes.controller
attributes:
  check_mode:
    description: Can run in check mode and say what it would do without doing it.
    support: full
  diff_mode:
    description: Returns what is changed, or would be in check mode.
    support: full
options:
  argument_specs:
    description:
      - The files C(meta/argument_specs.yml) of roles, whose options are the variables that there are.
    type: list
    elements: path
    default: []
  prefixes:
    description:
      - How the names of these variables begin. Any other name that begins so is refused.
    type: list
    elements: str
    default: []
  other_variables:
    description:
      - Names that are no mistake, although they look like one.
    type: list
    elements: str
    default: []
  plan_required:
    description:
      - Whether a run that is to write needs a plan. In check mode it needs none.
    type: bool
    default: false
  plan:
    description:
      - Makes the task a part of a plan that people review. The results then have what M(mailfleet.email.plan_file)
        writes down.
    type: dict
    suboptions:
      path:
        description:
          - The file on the controller that M(mailfleet.email.plan_file) wrote. The task does what it says of its
            host, or nothing, as with O(mailfleet.email.email_accounts_sync#module:plan.path).
          - It fails, too, where other kinds of record are described than were planned.
        type: path
      key:
        description:
          - As O(mailfleet.email.email_accounts_sync#module:plan.key).
        type: str
      done:
        description:
          - As O(mailfleet.email.email_accounts_sync#module:plan.done).
        type: str
        choices: [accept, refuse]
        default: refuse
  unplanned:
    description:
      - What becomes of a host that could not be planned, with O(plan.path). With V(skip) it is left out.
    type: str
    choices: [fail, skip]
    default: fail
  undescribed:
    description:
      - Whether the result lists what is live and not described, as RV(ignore:undescribed) of each kind. Nothing is
        planned to be pruned then.
    type: bool
    default: false
  offline:
    description:
      - Whether what is described is checked by all rules that need no server and no credentials, and nothing is done.
        A host that describes nothing is right then.
    type: bool
    default: false
  prefix:
    description:
      - How the names of the variables of another role begin that describe the host, such as C(provision_) for
        C(provision_email_accounts), C(provision_defaults), C(provision_prune), and C(provision_document), which is a
        mapping then. Servers and credentials come from C(module_defaults) and the environment.
      - A host that describes nothing is right then.
    type: str
seealso:
  - module: mailfleet.email.email_accounts_sync
  - module: mailfleet.email.email_settings_sync
  - module: mailfleet.email.host_info
  - module: mailfleet.email.plan_file
"""

EXAMPLES = r"""
- name: Bring all that is described to its state
  mailfleet.email.host_sync:
    other_variables: [email_accounts_of_last_year]
  register: synced
"""

RETURN = r"""
kinds:
  description:
    - For each kind of record what its own module returns, such as
      RV(mailfleet.email.email_accounts_sync#module:results) of C(email_accounts). A kind that the host does not
      describe is skipped.
  returned: unless the variables or the plan are refused before, or the host is left out
  type: dict
left_out:
  description: The host could not be planned, so nothing was done.
  returned: with O(unplanned=skip), where the host could not be planned
  type: bool
msg:
  description: What failed, in words.
  returned: on failure
  type: str
failure:
  description: The first failure, as data.
  returned: on failure
  type: dict
"""
