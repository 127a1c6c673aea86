# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a server stores otherwise than it was sent, or is likely to."""

from __future__ import annotations

import re
import typing as t
import unicodedata

from . import secret
from .names import domain_key
from .plan import Plan, changed_paths, same
from .secret import Record, Secret, is_hidden, is_secret_name

# What stands before and after a domain in a text, as in an address or a URL.
_SEPARATORS: t.Final = re.compile(r"([\s@<>\[\]/:,;]+)")


def stored_otherwise(sent: Record, stored: Record) -> list[str]:
    """Warnings for each field that the server stores otherwise than it was sent.

    `sent` holds the fields that the user described, `stored` the server's answer to the write.
    """
    warnings = []
    for path, before, after in mismatches(sent, stored):
        if isinstance(before, Secret) or isinstance(after, Secret):
            what = f"{path}: the server stores another secret than the one sent (neither is shown)"
        else:
            what = f"{path}: sent {before!r}, but the server stores {after!r}"
        warnings.append(f"{what}; the next run would change it again, so describe the value that is stored")
    return warnings


def mismatches(sent: Record, stored: Record) -> list[tuple[str, t.Any, t.Any]]:
    """Each field of `sent` that is stored otherwise: its dotted path, what was sent, what is stored.

    A secret that the server does not show is not taken for another one, and fields that were not sent do not count.
    """
    return list(_mismatches("", sent, stored))


def _mismatches(path: str, sent: t.Any, stored: t.Any) -> t.Iterator[tuple[str, t.Any, t.Any]]:
    if isinstance(sent, dict):
        known = stored if isinstance(stored, dict) else {}
        for name in sorted(sent):
            yield from _mismatches(f"{path}.{name}" if path else name, sent[name], known.get(name))
    elif not (is_hidden(stored) or same(sent, stored)):
        yield path, sent, stored


def perhaps_rewritten(described: Record, plan: Plan) -> list[str]:
    """Warnings for each described field that a plan changes only in what servers rewrite: for check mode.

    Nothing is written then, so no answer shows what the server makes of a value. But where the live value is the
    described one as a server may have rewritten it, each run is likely to change it again.
    """
    if plan.before is None or plan.after is None:
        return []
    warnings = []
    for path, wanted, live in mismatches(described, plan.before):
        name = path.rpartition(".")[2]
        if _as_rewritten(name, wanted) == _as_rewritten(name, live):
            hidden = isinstance(wanted, Secret) or isinstance(live, Secret)
            values = "neither is shown" if hidden else f"{wanted!r} is described, and the server stores {live!r}"
            warnings.append(
                f"{path}: the live value differs from the described one only in what servers rewrite ({values}); if "
                "this server did, each run changes it again, so describe the value that is stored"
            )
    return warnings


def unstored(plan: Plan, stored: Record) -> tuple[str, ...]:
    """The fields that an update was to change, where not one of them is stored; none where any is.

    What a server shows neither before nor after says nothing. What differs from before only in what servers rewrite may
    have been stored, and written as before.
    """
    if plan.before is None or plan.after is None:
        return ()
    shown = set(plan.changed_fields) - set(plan.unknown_fields)
    if shown & {*changed_paths(plan.before, stored)}:
        return ()
    rewritten = len(perhaps_rewritten(plan.after, plan))
    return tuple(sorted(shown)) if len(shown) > rewritten else ()


def _as_rewritten(name: str, value: t.Any) -> t.Any:
    """What the value of a field has in common with the forms in which servers store it.

    Servers trim texts, change their case or their form of Unicode, spell domains otherwise, and take numbers and truth
    values for texts or the other way round. Passwords that differ in case are two.
    """
    if isinstance(value, dict):
        return {key: _as_rewritten(str(key), part) for key, part in value.items()}
    if isinstance(value, list):
        return [_as_rewritten(name, item) for item in value]
    if is_hidden(value):
        return value
    value = secret.reveal(value)
    if is_secret_name(name):
        return _plain(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    words = _SEPARATORS.split(_plain(value).casefold())
    return "".join(domain_key(word) for word in words).rstrip(".")


def _plain(value: t.Any) -> str:
    return " ".join(unicodedata.normalize("NFKC", str(value)).split())
