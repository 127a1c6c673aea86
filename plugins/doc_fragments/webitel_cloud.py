# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that say where a server of today's Webitel is and who asks."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that say where a server of today's Webitel is and who asks."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - The address of the server's API, for example C(https://webitel.example.com/api).
      - If not given, the value of the environment variable E(WEBITEL_CLOUD_API_URL) is used.
    type: str
  access_token:
    description:
      - The token of a user who has the right to email profiles. Its domain is the one whose profiles are managed.
      - If not given, the value of the environment variable E(WEBITEL_CLOUD_ACCESS_TOKEN) is used.
    type: str
"""

    ATTRIBUTES = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/mailfleet.email.webitel_cloud) in C(module_defaults) to set options for this module.
    support: full
    membership:
      - mailfleet.email.webitel_cloud
"""
