# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that were given for an address, a domain or a server, as messages, results and reports may repeat them.

Such a value may be a whole URL by mistake, with a password in it. Where that ends is read in several ways, so nothing
of such a value is repeated.
"""

from __future__ import annotations

import re
import typing as t

NOT_SHOWN: t.Final = "(not shown: it looks like an address with a password)"
"""What stands in place of a value that may hold a password."""

# A host, a way round one, a password before an at sign, a query.
_OF_A_URL = re.compile(r"//|\\|:[^:@]*@|^[^@]*[?#=][^@]*$|[/?#][^/?#@=]*=")


def may_hold_password(value: object, *, mailbox: bool = False) -> bool:
    """Whether a value given for a domain or a server looks like a URL, which may hold a password.

    A `mailbox` is an e-mail address, whose at sign says nothing.
    """
    return isinstance(value, str) and ((not mailbox and "@" in value) or _OF_A_URL.search(value) is not None)


def shown(value: object, *, mailbox: bool = False) -> str:
    """A given value in words: as it is, unless it may hold a password."""
    return NOT_SHOWN if may_hold_password(value, mailbox=mailbox) else str(value)


def quoted(value: object, *, mailbox: bool = False) -> str:
    """A given value as Python writes it, on one line, unless it may hold a password."""
    return NOT_SHOWN if may_hold_password(value, mailbox=mailbox) else repr(value)
