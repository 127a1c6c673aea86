# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option that lets a user see texts which are secrets otherwise."""

from __future__ import annotations


class ModuleDocFragment:
    """The option that lets a user see texts which are secrets otherwise."""

    DOCUMENTATION = r"""
options:
  shown_fields:
    description:
      - Fields of a record whose texts may be shown, beside those that are known to be harmless, as dotted paths such as
        V(options.clientLabel). All that is below such a field may be shown too, but fields whose names speak of
        a password, token or key.
      - Texts in all other fields count as secrets, whatever the fields are called. Numbers and truth values are shown.
      - Where a text carries a password along all the same, such as C(smtp://user:password@host), it stays a secret.
    type: list
    elements: str
"""
