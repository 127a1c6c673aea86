#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""control_variables: the documentation; the action plugin of the same name does the work on the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: control_variables
short_description: Refuse variables that are misspelt
version_added: 1.0.0
description:
  - Ansible ignores a variable that nobody reads, so a run with C(-e mailfleet_prunne=true) or C(-e plna=plan.json)
    would go ahead as if nothing had been said. This module fails where a host has a variable whose name begins like
    those of a role and is none of them, or is a slip away from one of them, and names the one that is meant.
  - The roles of this collection begin with it. It looks at names, and of O(values) at those in them. Of variables that
    the roles of this collection take into conditions, as C(mailfleet_prune), it looks at the values too, since any text
    would count as false there.
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
  argument_specs:
    description:
      - The files C(meta/argument_specs.yml) of roles, whose options are the variables that there are.
    type: list
    elements: path
    required: true
  prefixes:
    description:
      - How the names of these variables begin. Any other name that begins so is refused.
    type: list
    elements: str
    required: true
  other_variables:
    description:
      - Names that are no mistake, although they look like one.
    type: list
    elements: str
    default: []
  values:
    description:
      - Variables whose values are looked at too. Each must be a mapping, and hold nothing but what the file of the role
        says, as far down as it says what stands there.
    type: list
    elements: str
    default: []
  plan_required:
    description:
      - Whether a run that is to write needs a plan. In check mode it needs none.
    type: bool
    default: false
  has_plan:
    description:
      - Whether the run verifies a plan.
    type: bool
    default: false
seealso:
  - module: mailfleet.email.plan_file
"""

EXAMPLES = r"""
- name: Nothing is misspelt
  mailfleet.email.control_variables:
    argument_specs:
      - "{{ role_path }}/meta/argument_specs.yml"
    prefixes: [mail_gateway_]
"""

RETURN = r"""
msg:
  description: Which variables are misspelt, and what is meant; and which values are none.
  returned: on failure
  type: str
failure:
  description: The same as data.
  returned: on failure
  type: dict
  contains:
    kind:
      description:
        - What kind of failure this is.
        - V(input), a variable or an option is wrong.
      returned: always
      type: str
      choices: [input]
    problems:
      description: Everything that is wrong.
      returned: always
      type: list
      elements: dict
      contains:
        field:
          description: The variable or option that it is about; empty where the message names it.
          type: str
        message:
          description: What is wrong.
          type: str
"""
