# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""plan: what was reviewed, read from the file of a plan."""

from __future__ import annotations

DOCUMENTATION = r"""
name: plan
short_description: Read what was reviewed from the file of a plan
version_added: 1.0.0
author:
  - mailfleet.email authors (@mailfleet)
description:
  - Reads a file that M(mailfleet.email.plan_file) wrote, and refuses it where it was changed or cut off since then.
  - Returns the names of the planned hosts; with O(host) the kinds of record planned for that host; with O(kind) too,
    what is planned for each of the records, as the option C(plan) of M(mailfleet.email.email_accounts_sync) and
    M(mailfleet.email.email_settings_sync) takes it.
options:
  _terms:
    description:
      - The file.
    required: true
    type: list
    elements: str
  host:
    description:
      - The host whose plan is wanted.
    type: str
  kind:
    description:
      - The kind of record that is wanted. A kind that is not in the plan has no records.
    type: str
    choices: [email_accounts, email_profiles, email_settings]
  key:
    description:
      - The key with which the plan was made. A plan that was made with a key is good with that key only, and where a
        key is given, an unsigned plan is refused.
      - An empty key is an error.
    type: str
seealso:
  - module: mailfleet.email.plan_file
  - module: mailfleet.email.email_accounts_sync
  - module: mailfleet.email.email_settings_sync
"""

EXAMPLES = r"""
- name: Do what was reviewed, or nothing
  mailfleet.email.email_accounts_sync:
    api_url: https://appliance.example.com
    refresh_token: "{{ itflex_refresh_token }}"
    src: accounts.yml
    plan:
      reviewed: "{{ query('mailfleet.email.plan', 'plan.json', host=inventory_hostname, kind='email_accounts') }}"
"""

RETURN = r"""
_raw:
  description: The names of hosts, the kinds of record, or what is planned for each record.
  type: list
  elements: raw
"""

import typing as t
from pathlib import Path

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ansible_collections.mailfleet.email.plugins.plugin_utils._plan_file import PlanError, plan_of_host, read_plans


class LookupModule(LookupBase):  # type: ignore[misc]
    """The plugin, under the name by which Ansible finds it."""

    def run(self, terms: list[str], variables: t.Any = None, **kwargs: t.Any) -> list[t.Any]:
        """Read the plan in the file that the one term names."""
        self.set_options(var_options=variables, direct=kwargs)
        if len(terms) != 1:
            raise AnsibleError(f"mailfleet.email.plan reads one file at a time, and not {len(terms)}")
        host, kind = self.get_option("host"), self.get_option("kind")
        path, key = Path(terms[0]), self.get_option("key")
        try:
            if not host:
                return sorted(read_plans(path, key)[0])
            planned = plan_of_host(path, host, key)
        except PlanError as exc:
            raise AnsibleError(str(exc)) from None
        if planned is None:
            raise AnsibleError(f"The plan {path} could not plan {host}: plan again")
        return list(planned.get(kind, ())) if kind else sorted(planned)
