# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts that stand in place of a secret, and secrets that only look a little like them."""

from __future__ import annotations

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.placeholder import placeholder_problem


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("<secret: unchanged>", "this collection"),
        ("<secret: to be removed>", "this collection"),
        ("<secret: written, whether it differs is not known>", "this collection"),
        ("<secret>", "this collection"),
        (" <secret: set>\n", "this collection"),
        ("VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "Ansible"),
        (
            "the output has been hidden due to the fact that 'no_log: true' was specified for this result",
            "Ansible",
        ),
        ("$encrypted$", "AWX"),
        ("$ANSIBLE_VAULT;1.1;AES256\n6162\n", "ansible-vault"),
        ("__omit_place_holder__0a1b", "Ansible"),
        ("***", "servers"),
        ("********", "servers"),
        ("\u2022\u2022\u2022\u2022", "servers"),
        ("\u25cf\u25cf\u25cf", "servers"),
        ("\u00b7\u00b7\u00b7\u00b7", "servers"),
        ("xxxxxxxx", "servers"),
        ("XXXX", "servers"),
        ("........", "servers"),
        ("<redacted>", "a placeholder"),
        ("[REDACTED]", "a placeholder"),
        ("REDACTED", "a placeholder"),
        ("(sensitive value)", "a placeholder"),
        ("<masked>", "a placeholder"),
        ("[MASKED]", "a placeholder"),
        ("***REDACTED***", "a placeholder"),
        ("**hidden**", "a placeholder"),
        ("[Filtered]", "a placeholder"),
        ("<password>", "a placeholder"),
        ("<YOUR_PASSWORD>", "a placeholder"),
        ("<your smtp password here>", "a placeholder"),
        ("<senha oculta>", "a placeholder"),
        ("None", "a template makes"),
        ("null", "a template makes"),
        ("undefined", "a template makes"),
        ("{{ vault_password }}", "nobody rendered"),
        ("{{vault.smtp.password}}", "nobody rendered"),
        ("{{ lookup('env', 'SMTP_PASSWORD') | default('') }}", "nobody rendered"),
    ],
)
def test_placeholders_are_refused_by_name(text: str, who: str) -> None:
    problem = placeholder_problem(text)
    assert problem is not None
    assert who in problem
    assert problem.endswith(", not a password")
    if "\n" not in text.strip() and len(text) <= 50:
        assert repr(text.strip()) in problem


@pytest.mark.parametrize(
    "text",
    [
        *("", "*", "**", "*** ***", "***a", "a***", "hunter2", "secret", "password", "hidden", "xxx", "xX1xX"),
        *(
            "<",
            "<>",
            "<3secrets!>x",
            "<S3cr3t>",
            "(password1)",
            "[x]",
            "$encrypted",
            "encrypted$",
            "{secret}",
            "{{",
            "{{ 7 * 7 }}",
            "a{{ b }}",
            "nonesuch",
            "changeme",
        ),
        *("<unredacted>", "redacted1", "VALUE_SPECIFIED", "$ANSIBLE", "__omit__", "a<secret: set>"),
    ],
)
def test_passwords_are_none(text: str) -> None:
    assert placeholder_problem(text) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"<secret: {'a' * 40}>", True),
        (f"<secret: {'a' * 41}>", False),
        ("$ANSIBLE_VAULT;1.1;AES256\n6162", False),
        ("{{ vault | default('\u200b') }}", False),
        ("{{ smtp_password | default('hunter2') }}", False),
        ('{{ vault.smtp|d("hunter2") }}', False),
        ("{{ a | default('') | d('hunter2') }}", False),
        ("{{ lookup('env', 'A', default='hunter2') }}", False),
        ("{{ lookup('env', 'SMTP_PASSWORD') }}", True),
        ("{{ smtp_password | default('') }}", True),
    ],
)
def test_a_placeholder_is_repeated_where_it_is_short_and_all_of_it_is_seen(text: str, named: bool) -> None:
    problem = placeholder_problem(text)
    assert problem is not None
    assert problem.startswith(f"is {text!r}, " if named else "is a text, ")


@pytest.mark.parametrize("text", [" ", "\n", "\t  \n"])
def test_blanks_are_no_password(text: str) -> None:
    assert placeholder_problem(text) == "is blank, not a password"


@pytest.mark.parametrize("value", [None, True, 5, ["***"], {"a": "***"}])
def test_what_is_no_text_is_no_placeholder(value: object) -> None:
    assert placeholder_problem(value) is None
