# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts that somebody shows in place of a secret, and which were copied to where the secret belongs."""

from __future__ import annotations

import re
import typing as t

# Asterisks, bullets and their like, and one character of a few many times over.
_MASK = (
    r"[*\u2217\uff0a\u2022\u2023\u2219\u00b7\u25cf\u25cb\u25e6\u25a0\u25aa\u26ab\u26aa\u2b24\u2588\u2026]{3,}"
    r"|(?P<sign>[xX#.\-_?])(?P=sign){3,}"
)
_HIDDEN = (
    "redacted|masked|hidden|censored|encrypted|sensitive|filtered|protected|omitted|removed|obfuscated|suppressed|"
    "not shown|not readable|oculto|oculta"
)
_NAMED = "secret|password|passwd|token|senha"
_ANY = r"[\w .,:;'\-]{0,40}"


def _word(words: str) -> str:
    return rf"{_ANY}(?<![^\W_])(?:{words})(?![^\W_]){_ANY}"


_BRACKETED = (
    rf"<{_word(f'{_HIDDEN}|{_NAMED}')}>|\[{_word(f'{_HIDDEN}|{_NAMED}')}\]|\({_word(_HIDDEN)}\)"
    rf"|\*+ ?{_word(_HIDDEN)} ?\*+|redacted"
)
# In this order: the first that fits says who shows such a text.
_UNRENDERED = r"\{\{[-+]?\s*[a-z_][\w.]*(\(.*\))?\s*(\|.*)?[-+]?\}\}"
_SHOWN: t.Final = (
    (r"<secret(:[^<>]*)?>", "what this collection shows in place of a secret"),
    (
        r"VALUE_SPECIFIED_IN_NO_LOG_PARAMETER|.*hidden due to the fact that 'no_log: true' was specified.*",
        "what Ansible shows in place of a secret",
    ),
    (r"\$encrypted\$", "what AWX shows in place of a secret"),
    (r"\$ANSIBLE_VAULT;.*", "a text that ansible-vault encrypted and nobody decrypted"),
    (r"__omit_place_holder__.*", "what Ansible writes for an option that is left out"),
    (r"none|null|undefined", "what a template makes of a value that is not there"),
    (_UNRENDERED, "a template that nobody rendered"),
    (_MASK, "what servers show in place of a password"),
    (_BRACKETED, "a placeholder that stands for a secret"),
)
_FLAGS: t.Final = re.IGNORECASE | re.DOTALL
# One look at each of thousands of passwords says that it is none of these.
_ANY_OF_THEM = re.compile("|".join(pattern for pattern, _who in _SHOWN), _FLAGS)
_LONGEST_SHOWN = 50
# What a template takes where a variable is not there may be the password itself.
_FALLBACK = re.compile(r"(?:\||default\s*=).*(['\"])(?!\1).+\1")


def placeholder_problem(value: object) -> str | None:
    """What is wrong with a secret that can only stand in place of one; `None` with any other, and with what is no text.

    The text is named: it is no secret. A template that has another value for what is not there is not named.
    """
    if not isinstance(value, str):
        return None
    text = value.strip()
    if value and not text:
        return "is blank, not a password"
    if not _ANY_OF_THEM.fullmatch(text):
        return None
    for pattern, who in _SHOWN:
        if re.fullmatch(pattern, text, _FLAGS):
            named = len(text) <= _LONGEST_SHOWN and text.isprintable() and not _FALLBACK.search(text)
            return f"is {repr(text) if named else 'a text'}, {who}, not a password"
    return None
