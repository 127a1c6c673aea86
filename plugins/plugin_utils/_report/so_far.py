# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of a run that still goes on.

The callback plugin, in Ansible's main process, says here how to make it; the process of the task that hands it on is
forked from that, and makes it of what was known by then. So nothing is made where nothing is handed on.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .document import Document


@dataclass
class SoFar:
    """What makes the report of all that is known by now; `None` where no callback plugin reports."""

    document: t.Callable[[], Document] | None = None


SO_FAR = SoFar()
