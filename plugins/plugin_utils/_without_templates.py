# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of records that need no rendering, since no template is in them."""

from __future__ import annotations

import json
import re
import typing as t

try:
    from ansible.template import is_trusted_as_template
except ImportError:
    # Before ansible-core 2.19, values had no marks, and the place that asks for this did not exist.
    is_trusted_as_template = None

_ONE_VARIABLE = re.compile(r"\{\{\s*(?P<name>[A-Za-z_]\w*)\s*\}\}")
MARKS_OF_TEMPLATES = ("{{", "{%", "{#", "#jinja2:")


def list_without_templates(value: t.Any, variables: t.Mapping[str, t.Any]) -> list[t.Any] | None:
    """The list that `{{ name }}` stands for, where no template is in it; else `None`.

    ansible-core looks at each value of such a list singly, which takes most of the time of a task about thousands of
    records. What is a template here, or may be one, or is encrypted, is left to it.
    """
    if is_trusted_as_template is None or not isinstance(value, str) or not is_trusted_as_template(value):
        return None
    variable = _ONE_VARIABLE.fullmatch(value)
    held = variables.get(variable["name"]) if variable else None
    if not isinstance(held, list):
        return None
    try:
        text = json.dumps(held, ensure_ascii=False)
    except (TypeError, ValueError):
        return None
    return None if any(mark in text for mark in MARKS_OF_TEMPLATES) else t.cast("list[t.Any]", json.loads(text))
