# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that say where an iTFLEX appliance is and who asks."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that say where an iTFLEX appliance is and who asks."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - The address of the appliance, for example C(https://mail-gw.example.com).
      - If not given, the value of the environment variable E(ITFLEX_API_URL) is used.
    type: str
  access_token:
    description:
      - An access token. The appliance lets one live for 15 minutes.
      - If not given, the value of the environment variable E(ITFLEX_ACCESS_TOKEN) is used.
      - Give O(access_token), O(refresh_token), or both.
    type: str
  refresh_token:
    description:
      - The key of an integrator, which fetches an access token where none is given, and another one when the appliance
        does not accept the present one any more.
      - If not given, the value of the environment variable E(ITFLEX_REFRESH_TOKEN) is used.
    type: str
"""

    ATTRIBUTES = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/mailfleet.email.itflex) in C(module_defaults) to set options for this module.
    support: full
    membership:
      - mailfleet.email.itflex
"""
