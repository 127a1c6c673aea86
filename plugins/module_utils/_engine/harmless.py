# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which texts of a record may be shown: those at a path that is known to be harmless, where they look as they should.

A product lists its known paths as mappings within mappings; each path ends with one of the checks of this file. At any
other path a text is a secret.
"""

from __future__ import annotations

import re
import typing as t
from unicodedata import normalize
from urllib.parse import unquote

from .schema import Problem
from .secret import ALL_OTHERS, OWN_TEXT, Known

_WORD = re.compile(r"[\w .+/-]{1,100}")
_CIPHERS = re.compile(r"(?:[\w+!:, -]|@STRENGTH|@SECLEVEL=\d)+")
_HOST = re.compile(
    r"[\w.-]{0,253}(?::\d{1,5})?|\[?[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(?:%\w{1,20})?\]?(?::\d{1,5})?"
)
_LONGEST_LIST = 4000
_DEEPEST = 3


def word(text: str) -> bool:
    """A name, a version, a number: a few letters, digits and the signs within such."""
    return _WORD.fullmatch(text) is not None


def host(text: str) -> bool:
    """The name or the address of a server, perhaps with a port; no user before it."""
    return len(text) <= 300 and _HOST.fullmatch(text) is not None


def ciphers(text: str) -> bool:
    """A list of ciphers as OpenSSL writes it."""
    return len(text) <= _LONGEST_LIST and _CIPHERS.fullmatch(text) is not None


def plain_text(text: str) -> bool:
    """Words for people, names, e-mail addresses; not what carries a password along.

    Such are an address with a user or with parameters, `user:password@host` without a scheme, and a PEM; also where
    they are escaped for a URL or HTML, or written with the wide signs of Unicode.
    """
    if text.isascii() and "%" not in text and "&" not in text:
        # Nothing that could be escaped: there is one reading, and thousands of records have no other texts.
        return not _carries_a_secret(text)
    # Imported late, with its table of thousands of names: most texts have nothing that is escaped.
    import html

    readings = [text]
    for _layer in range(_DEEPEST):
        readings.append(normalize("NFKC", html.unescape(unquote(readings[-1]))))
    return not any(map(_carries_a_secret, dict.fromkeys(readings)))


def _carries_a_secret(text: str) -> bool:
    if "?" not in text and "-----" not in text and not (":" in text and ("@" in text or "#" in text)):
        # Most texts, times among them.
        return False
    address = text.partition("://")[2]
    return "-----" in text or any(mark in address for mark in "@?#") or any(map(_is_login, text.split()))


def _is_login(part: str) -> bool:
    return "@" in part.partition(":")[2] or "=" in part.partition("?")[2]


OPEN: t.Final[dict[str, t.Any]] = {OWN_TEXT: plain_text}
"""Everything, but what is named like a secret, and texts that carry a password along."""
OPEN[ALL_OTHERS] = OPEN


def with_opened(known: Known, paths: t.Iterable[str]) -> Known:
    """The known paths, and those that a user opens: dotted ones, and all that is below each."""
    for path in paths:
        known = _opened(known, path.split("."))
    return known


def _opened(known: Known, steps: t.Sequence[str]) -> Known:
    name, *rest = steps
    below = known.get(name, known.get(ALL_OTHERS, {}))
    fields = {OWN_TEXT: below} if callable(below) else below
    return {**known, name: _opened(fields, rest) if rest else {**fields, **OPEN}}


def opening_problems(paths: t.Iterable[str], secrets: t.Iterable[str]) -> list[Problem]:
    """What is wrong with the option `shown_fields`; `secrets` are the paths that are documented as secrets."""
    problems = []
    known = [(*secret.split("."), "") for secret in secrets]
    for index, path in enumerate(paths):
        steps = (*path.split("."), "")
        if not all(steps[:-1]):
            problems.append(Problem(f"shown_fields[{index}]", "must be names of fields with dots between them"))
        elif any(steps[: len(secret) - 1] == secret[:-1] for secret in known):
            problems.append(Problem(f"shown_fields[{index}]", "leads to a password or key, which is never shown"))
    return problems
