# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules share that talk to a mail server themselves: its authorities, and its words."""

from __future__ import annotations

import base64
import json
import ssl
import typing as t

from .._engine.schema import Problem
from .._http.errors import LEFT_OUT, quote
from .._mail.tls import check_authorities

# Fewer characters of base64 may be found in a text by chance.
_SHORTEST_PIECE: t.Final = 8


def ca_path_problems(ca_path: str | None) -> list[Problem]:
    """What is wrong with the option `ca_path`."""
    if ca_path is None:
        return []
    try:
        check_authorities(ca_path)
    except ssl.SSLError:
        return [Problem("ca_path", "is no file with certificates in the format PEM")]
    except OSError as exc:
        return [Problem("ca_path", f"cannot be read: {exc.strerror}")]
    except ValueError:
        return [Problem("ca_path", "cannot be a path, since it holds a NUL")]
    return []


def quote_answer(words: object, user: str, password: str) -> str:
    """A mail server's words, fit for a result; left out where they repeat the password in a form in which it was sent.

    These are the password itself, with a backslash before some characters as IMAP sends and JSON writes it, and base64.
    The latter counts in pieces too: a server may cut or fold the line that it repeats.
    """
    if not password:
        return quote(words)
    encoded = [base64.b64encode(form.encode()).decode() for form in (password, f"\0{user}\0{password}")]
    pieces = {form[at : at + _SHORTEST_PIECE] for form in encoded for at in range(len(form) - _SHORTEST_PIECE + 1)}
    unfolded = "".join(str(words).split())
    if any(piece in unfolded for piece in pieces):
        return LEFT_OUT
    escaped = password.replace("\\", "\\\\").replace('"', '\\"')
    in_json = [json.dumps(password, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)]
    return quote(words, [password, escaped, f'"{escaped}"', *in_json, *encoded])
