# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Templates of documents, with Ansible's own templar."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible import template
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.mailfleet.email.plugins.plugin_utils._described import Literal
from ansible_collections.mailfleet.email.plugins.plugin_utils._rendering import Renderer, RenderingError

# Before ansible-core 2.19, every text was trusted.
trusted = getattr(template, "trust_as_template", str)
# What a playbook gives before ansible-core 2.19; later the templar itself knows what to leave out.
OMIT = "__omit_place_holder__0123"
VARIABLES = {
    "omit": OMIT,
    "host": "berlin",
    "port": 25,
    "name": trusted("of {{ host }}"),
    "records": [{"a": 1}],
}


def renderer(**variables: Any) -> Renderer:
    known = {**VARIABLES, **variables}
    return Renderer(Templar(loader=DataLoader(), variables=known), known)


@pytest.mark.parametrize(
    ("data", "rendered"),
    [
        ("plain", "plain"),
        (7, 7),
        (None, None),
        ("{{ host }}.example", "berlin.example"),
        ("{{ name }}", "of berlin"),
        ("{{ port }}", 25),
        ("{{ records }}", [{"a": 1}]),
        ("{# hidden #}x", "x"),
        ("{% if port == 25 %}a{% endif %}", "a"),
        (Literal("{{ host }}"), "{{ host }}"),
        ({"a": ["{{ host }}", {"b": "{{ port }}"}]}, {"a": ["berlin", {"b": 25}]}),
        ({"a": "{{ nothing | default(omit) }}", "b": 1}, {"b": 1}),
        (["{{ nothing | default(omit) }}", 2], [2]),
        ("{{ omit }}", None),
    ],
)
def test_rendered(data: Any, rendered: Any) -> None:
    found = renderer().rendered(data)
    assert found == rendered
    assert type(found) is type(rendered)


def test_variables_of_a_document_are_no_templates() -> None:
    known = renderer().knowing({"secret": "{{ host }}", "empty": "", "host": None, "new": None})
    rendered = {
        "{{ secret }}": "{{ host }}",
        "{{ secret or omit }}": "{{ host }}",
        "x{{ secret }}": "x{{ host }}",
        "{{ empty }}": "",
        # One without a value does not hide the host's own.
        "{{ host }}": "berlin",
        "{{ new }}": None,
    }
    for text, value in rendered.items():
        assert known.rendered({"a": text}) == {"a": value}, text
    assert known.rendered({"a": "{{ empty or omit }}", "b": "{{ new or omit }}"}) == {}


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ hunter2 }}", "the variable hunter2 is not defined"),
        ("x{{ a_variable }}", "a variable is not defined"),
        ("{{ host.hunter2.more }}", "a variable is not defined"),
        ("{{ host | }}hunter2", r"is no template that can be rendered \(\w+\); mark a text as it is with !unsafe"),
        ("{% hunter2 %}", "is no template that can be rendered"),
        ("{{ 'hunter2' | int / 0 }}", "is no template that can be rendered"),
        ("{{ 'hunter2' | no_such_filter }}", "is no template that can be rendered"),
    ],
)
def test_errors_lead_to_the_template_and_show_nothing_of_it(template: str, message: str) -> None:
    data = {"email_accounts": [{"name": "a"}, {"password": template}]}
    with pytest.raises(RenderingError, match=message) as caught:
        renderer().rendered(data)
    assert caught.value.path == ("email_accounts", 1, "password")
    # The name of a variable alone is reported, since a document refers to secrets by such names.
    assert "hunter2" not in re.sub("^the variable hunter2 is", "", str(caught.value))
