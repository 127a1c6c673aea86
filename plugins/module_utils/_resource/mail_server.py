# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules share that talk to a mail server themselves: its authorities, and its words."""

from __future__ import annotations

import ssl
import typing as t

from .._engine.schema import Problem
from .._engine.secret import Secret, texts
from .._http.errors import quote
from .._mail.password import Password, revealed
from .._mail.tls import check_authorities


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


def quote_answer(words: object, user: str, password: Password, others: t.Iterable[Secret] = ()) -> str:
    """A mail server's words, fit for a result; left out where they repeat the password, or one of the other secrets."""
    known = [text for other in others for text in texts(other)]
    if password:
        text = revealed(password)
        known += [text, f"\0{user}\0{text}"]
    return quote(words, known)
