# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that say where a Webitel server is and who asks."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that say where a Webitel server is and who asks."""

    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - The address of the server that the paths C(/api/v2) and C(/login) stand below. It may have a path of its own,
        for example C(https://pbx.example.com/engine).
      - If not given, the value of the environment variable E(WEBITEL_API_URL) is used.
    type: str
  access_token:
    description:
      - The value of the C(X-Access-Token) header. A domain's token works alone, a user's token needs O(key) as well.
      - If not given, the value of the environment variable E(WEBITEL_ACCESS_TOKEN) is used.
      - A token that is bound to a domain reads and writes that domain's settings only. A task about another domain
        fails before it writes.
    type: str
  key:
    description:
      - The value of the C(X-Key) header, which goes with a user's token.
      - If not given, the value of the environment variable E(WEBITEL_KEY) is used.
    type: str
  username:
    description:
      - The user to log in as, instead of an O(access_token). The login is ended when the task ends, also when it fails.
      - If not given, the value of the environment variable E(WEBITEL_USERNAME) is used.
    type: str
  password:
    description:
      - The password of O(username).
      - If not given, the value of the environment variable E(WEBITEL_PASSWORD) is used.
      - Credentials that the task gives take the place of those in the environment.
    type: str
  login_code:
    description:
      - The security code of the moment, where O(username) has a second factor. It is good for one login, and each
        item of a loop logs in anew.
      - If not given, the value of the environment variable E(WEBITEL_LOGIN_CODE) is used.
    type: str
"""

    ATTRIBUTES = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/mailfleet.email.webitel) in C(module_defaults) to set options for this module.
    support: full
    membership:
      - mailfleet.email.webitel
"""
