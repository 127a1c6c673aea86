# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""with_project_vars: the lookup plugin's documentation, and where Ansible looks for the variables of a play."""

from __future__ import annotations

DOCUMENTATION = r"""
name: with_project_vars
short_description: Let a play that is imported find the variables beside the project's own playbook
version_added: 1.0.0
description:
  - Returns its terms as they are, which must be what C(hosts) of a play takes. Named in the C(hosts) of a play, it
    tells Ansible to read C(group_vars) and C(host_vars) of that play beside the playbook on the command line.
  - Without it a play of a collection that C(import_playbook) imports finds such variables beside the inventory only,
    and an inventory that is a script, as AWX has them, stands elsewhere.
  - The playbooks of this collection use it. Where they are run by their own name, and where the command line names
    playbooks of several folders, it changes nothing.
author:
  - mailfleet.email authors (@mailfleet)
options:
  _terms:
    description:
      - The hosts of the play, a pattern such as V(mail:!test), or a list of such.
    type: list
    elements: raw
    required: true
seealso:
  - ref: playbooks_reuse
    description: How playbooks are imported.
"""

EXAMPLES = r"""
- name: A play of a collection, which finds the variables of the project that imports it
  hosts: "{{ query('mailfleet.email.with_project_vars', 'all') | first }}"
  gather_facts: false
  tasks:
    - name: Show where Ansible looks
      ansible.builtin.debug:
        var: playbook_dir
"""

RETURN = r"""
_raw:
  description: The terms.
  type: list
  elements: raw
"""

import typing as t
from pathlib import Path

from ansible import context  # type: ignore[attr-defined,unused-ignore]
from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):  # type: ignore[misc]
    """The plugin, under the name by which Ansible finds it."""

    def run(self, terms: list[t.Any], variables: t.Any = None, **kwargs: t.Any) -> list[t.Any]:
        """Set where the play's variables are looked for. A play's hosts are templated before any of its variables.

        Raises `AnsibleError` where the terms are no hosts of a play.
        """
        self.set_options(var_options=variables, direct=kwargs)
        if not all(map(_are_hosts, terms)):
            raise AnsibleError(
                "mailfleet_hosts, or what else names the hosts of this play, must be a pattern of hosts or groups such "
                "as 'mail:!test', or a list of such, and not be empty: name them, or leave it out"
            )
        playbooks = [Path(str(name)).absolute() for name in context.CLIARGS.get("args") or ()]
        folders = {path.parent for path in playbooks if path.is_file()}
        if len(folders) == 1:
            self._loader.set_basedir(str(folders.pop()))
        return terms


def _are_hosts(term: t.Any) -> bool:
    """Whether a play could take a term for its hosts: Ansible would break off, or do nothing and call it a success."""
    patterns = term if isinstance(term, (list, tuple)) else [term]
    return len(patterns) > 0 and all(isinstance(pattern, str) and pattern.strip() for pattern in patterns)
