# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shapes of the server's answers."""

from __future__ import annotations

import typing as t
from functools import cache

from ..._engine import schema

if t.TYPE_CHECKING:
    import voluptuous


@cache
def response_schema() -> voluptuous.Schema:
    """The settings of a domain. As `options` the server stores whatever JavaScript does not take for false."""
    from voluptuous import ALLOW_EXTRA, Required, Schema

    fields: dict[t.Any, t.Any] = dict.fromkeys(("provider", "description", "from", "domain"), schema.text)
    fields[Required("options", msg="is missing")] = object
    return Schema(fields, extra=ALLOW_EXTRA)


@cache
def caller_schema() -> voluptuous.Schema:
    """Who asks: the answer of `whoami`."""
    from voluptuous import ALLOW_EXTRA, Required, Schema

    return Schema({Required("domain", msg="is missing"): schema.text}, extra=ALLOW_EXTRA)


@cache
def sending_schema() -> voluptuous.Schema:
    """What became of a test message."""
    from voluptuous import ALLOW_EXTRA, Any, Required, Schema

    info = Schema({"accepted": [str], "rejected": [str], "response": schema.text}, extra=ALLOW_EXTRA)
    return Schema({Required("status", msg="is missing"): schema.text, "info": Any(info, str, None)}, extra=ALLOW_EXTRA)


@cache
def deletion_schema() -> voluptuous.Schema:
    """What became of a deletion."""
    from voluptuous import ALLOW_EXTRA, Required, Schema

    return Schema({Required("status", msg="is missing"): schema.text}, extra=ALLOW_EXTRA)
