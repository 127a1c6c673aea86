# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of a run that still goes on.

The callback plugin, in Ansible's main process, notes it when a task begins that hands it on; the process of the task is
forked after that, and finds it here.
"""

from __future__ import annotations

from dataclasses import dataclass

from .document import Document


@dataclass
class SoFar:
    """What is known by now; `None` where no callback plugin reports."""

    document: Document | None = None


SO_FAR = SoFar()
