# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast the collection is, beside what its users would write without it: ``python -m tests.bench``.

Ansible must find the collection; ``make bench`` sees to that.
"""
