# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's arguments as plain data, and which lists of records need no rendering."""

from __future__ import annotations

import datetime
import json
from types import MappingProxyType
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.plugin_utils._plain_data import plain, plain_with_dates
from ansible_collections.mailfleet.email.plugins.plugin_utils._without_templates import list_without_templates

try:
    from ansible.template import trust_as_template
except ImportError:
    # ansible-core before 2.19 knows no trust, and never asks which lists need no rendering.
    trust_as_template = None

RECORDS = [{"name": "A", "smtp_port": 25, "has_auth": None, "auth": {"list": [1, 2.5, True]}}]


def _trusted(text: Any) -> Any:
    """A text as it stands in a playbook."""
    return trust_as_template(text) if trust_as_template is not None and isinstance(text, str) else text


class Marked(str):
    """A text with a mark on it, as Ansible makes them."""

    __slots__ = ()


def test_plain_arguments() -> None:
    arguments = {
        "name": Marked("A"),
        "accounts": (MappingProxyType({"name": "B"}),),
        "since": datetime.date(2026, 1, 2),
        "port": 25,
        "nothing": None,
    }
    found = plain(arguments)
    assert found == {
        "name": "A",
        "accounts": [{"name": "B"}],
        "since": "2026-01-02",
        "port": 25,
        "nothing": None,
    }
    assert type(found["name"]) is str
    dates: list[datetime.date] = []
    assert plain(arguments, dates) == found
    assert dates == [datetime.date(2026, 1, 2)]
    assert plain_with_dates(arguments) == {**found, "since": datetime.date(2026, 1, 2)}
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize("template", ["{{ fleet }}", "{{fleet}}", "{{  fleet }}"])
def test_a_list_that_needs_no_rendering(template: str) -> None:
    found = list_without_templates(_trusted(template), {"fleet": RECORDS})
    assert found == (None if trust_as_template is None else RECORDS)
    assert found is not RECORDS


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{{ fleet }}", [{"name": "{{ who }}"}]),
        ("{{ fleet }}", [{"name": "{% if a %}{% endif %}"}]),
        ("{{ fleet }}", [{"name": "{# a comment #}"}]),
        ("{{ fleet }}", [{"{{ key }}": 1}]),
        ("{{ fleet }}", [{"deep": [["{{ who }}"]]}]),
        ("{{ fleet }}", "{{ other }}"),
        ("{{ fleet }}", {"name": "A"}),
        ("{{ fleet }}", [datetime.date(2026, 1, 2)]),
        ("{{ fleet }}", [object()]),
        ("{{ fleet | list }}", RECORDS),
        ("{{ fleet }} ", "text"),
        ("{{ fleet }}{{ fleet }}", RECORDS),
        ("{{ other }}", RECORDS),
        ("fleet", RECORDS),
        (RECORDS, RECORDS),
    ],
)
def test_what_is_left_to_ansible(template: Any, value: Any) -> None:
    assert list_without_templates(_trusted(template), {"fleet": value}) is None


def test_a_text_that_nobody_vouches_for_is_no_template() -> None:
    """Such as one that came from a server."""
    assert list_without_templates("{{ fleet }}", {"fleet": RECORDS}) is None
