# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules of this collection support."""

from __future__ import annotations


class ModuleDocFragment:
    """What the modules of this collection support."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    support: full
    description: Can run in check mode and say what it would do without doing it.
  diff_mode:
    support: full
    description: Returns what is changed, or would be in check mode. A secret stands in it as a marker.
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
    description: Can run in check mode and say what it would do without doing it.
    details:
      - This module changes nothing.
  diff_mode:
    support: N/A
    description: Returns what is changed, or would be in check mode. A secret stands in it as a marker.
    details:
      - This module changes nothing.
"""

    SEND = r"""
options: {}
attributes:
  check_mode:
    support: full
    description: Can run in check mode and say what it would do without doing it.
    details:
      - In check mode no message is sent.
  diff_mode:
    support: N/A
    description: Returns what is changed, or would be in check mode. A secret stands in it as a marker.
    details:
      - This module changes nothing.
"""

    LOOK = r"""
options: {}
attributes:
  check_mode:
    support: full
    description: Can run in check mode and say what it would do without doing it.
    details:
      - In check mode it looks, and neither marks nor deletes a message.
  diff_mode:
    support: none
    description: Returns what is changed, or would be in check mode. A secret stands in it as a marker.
    details:
      - What O(afterwards) does to messages shows in RV(changed) alone.
"""

    MAIL = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/mailfleet.email.mail) in C(module_defaults) to set options for this module.
    support: full
    membership:
      - mailfleet.email.mail
"""

    IN_PROCESS = r"""
options: {}
attributes:
  action:
    support: full
    description: Has an action plugin, which does its part on the controller.
    details:
      - Where the module would run on the controller with the Python of Ansible itself, the plugin does all the work.
  async:
    support: full
    description: Can run in the background with C(async).
"""

    CONTROLLER = r"""
options: {}
attributes:
  action:
    support: full
    description: Has an action plugin, which does its part on the controller.
    details:
      - All the work is done there.
  async:
    support: none
    description: Can run in the background with C(async).
"""
