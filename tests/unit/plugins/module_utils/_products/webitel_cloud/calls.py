# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls that several tests of today's Webitel expect."""

from __future__ import annotations

_NAMES = ("id", "name", "login", "imap_host", "imap_port", "smtp_host", "smtp_port")
LIST = "GET /email/profile?page=1&size=20000&sort=name" + "".join(f"&fields={name}" for name in _NAMES)
"""The first page of all profiles."""
