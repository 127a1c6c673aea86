# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the modules that manage many records in one task."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of the modules that manage many records in one task."""

    DOCUMENTATION = r"""
options:
  prune:
    description:
      - Whether live records that are not described are removed.
    type: bool
    default: false
  prune_keep:
    description:
      - Patterns in the manner of the shell, such as C(System*). A record is never pruned where one of them fits its
        name, address or domain, whatever the case of the letters.
    type: list
    elements: str
    default: []
  prune_limit:
    description:
      - How many records may be pruned at most, as a number such as V(10) or a share of all live ones such as V(25%).
        Where more would go, the task fails before it writes anything.
      - Domains that O(prune_keep) keeps are not read, and count as live ones.
      - With an empty list of records it takes V(100%) to prune at all.
    type: str
    default: 25%
  on_error:
    description:
      - Whether the other records are still brought to their state after one of them failed.
    type: str
    choices: [continue, stop]
    default: continue
  concurrency:
    description:
      - How many requests are under way at the same time, and so how many connections are open at most.
    type: int
    default: 8
  rate_limit:
    description:
      - How many requests a second are sent at most, for servers that need care. No limit if not given.
      - Where a server answers that there are too many (429), all requests of the task wait, as long as it asks
        for and at most 20 seconds at a time.
    type: float
  progress:
    description:
      - Whether long work shows a line every two seconds, on standard error. Only a task that runs in the process of
        Ansible itself can show it.
    type: bool
    default: true
"""
