# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The domains that a test is about: a Webitel server has them before it is asked to store their settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.client import Sandbox

_DOMAIN = re.compile(r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?")
_IN_TEXT = re.compile(r"""\bdomain["']?: *["']?([A-Za-z0-9][\w.-]*)""")


def know_domains(sandbox: Sandbox, data: Any) -> None:
    """Let the sandbox have each domain that is named in data, or in a text of YAML or JSON."""
    sandbox.add_domains(*sorted(set(_named(data))))


def _named(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield from _IN_TEXT.findall(data)
    elif isinstance(data, dict):
        for name, value in data.items():
            if name == "domain" and isinstance(value, str) and _DOMAIN.fullmatch(value):
                yield value
            elif name == "loop" and isinstance(value, list):
                yield from (item for item in value if isinstance(item, str) and _DOMAIN.fullmatch(item))
            yield from _named(value) if not isinstance(value, str) else ()
    elif isinstance(data, list):
        for item in data:
            yield from _named(item) if not isinstance(item, str) else ()
