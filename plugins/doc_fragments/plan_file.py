# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the modules that write the file of a plan."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of the modules that write the file of a plan."""

    DOCUMENTATION = r"""
options:
  key:
    description:
      - The key that signs the plan. It is the one of the tasks' option
        O(mailfleet.email.email_accounts_sync#module:plan.key).
      - An empty key is an error.
    type: str
  signed:
    description:
      - Whether a plan without a signature is refused, and none is written without O(key).
    type: bool
    default: false
"""
