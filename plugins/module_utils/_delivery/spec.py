# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The spec of `email_delivery_info`."""

from __future__ import annotations

import typing as t

from .._resource.spec import ArgumentSpec, ModuleSpec, from_environment
from . import delivery as email_delivery
from . import input as email_delivery_input

_MESSAGE: ArgumentSpec = {
    "name": {"type": "str"},
    "from": {"type": "str"},
    "to": {"type": "str"},
    "subject": {"type": "str"},
    "message_id": {"type": "str"},
    "queue_id": {"type": "str"},
}
_POSITION: ArgumentSpec = {
    "folder": {"type": "str", "required": True},
    "uidvalidity": {"type": "int", "required": True},
    "next_uid": {"type": "int", "required": True},
}

EMAIL_DELIVERY_INFO: t.Final = ModuleSpec(
    {
        "host": from_environment("IMAP_HOST"),
        "port": {"type": "int"},
        "encryption": {"type": "str", "choices": ["tls", "starttls", "none"], "default": "tls"},
        "username": from_environment("IMAP_USERNAME"),
        "password": from_environment("IMAP_PASSWORD", secret=True),
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
        "timeout": {"type": "float", "default": 30.0},
        "wait": {"type": "float", "default": 60.0},
        "interval": {"type": "float", "default": 2.0},
        "folders": {"type": "list", "elements": "str", "default": ["INBOX"]},
        "spam_folders": {"type": "list", "elements": "str"},
        "since": {"type": "str"},
        "after": {"type": "list", "elements": "dict", "options": _POSITION, "default": []},
        "messages": {"type": "list", "elements": "dict", "options": _MESSAGE, "default": []},
        "authserv_id": {"type": "str"},
        "afterwards": {"type": "str", "choices": ["keep", "mark_seen", "delete"], "default": "keep"},
    },
    email_delivery.subject,
    email_delivery_input.problems,
    email_delivery.look,
    libraries={"imapclient": "IMAPClient"},
)
