# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Live email profiles as entries of a document."""

from __future__ import annotations

import typing as t
from collections import Counter

from ..._engine.secret import Record
from ..._resource.exported import Exported, SecretField
from .profile import AUTH_TYPES, FIELDS, OAUTH2, input_problems
from .wire import SERVER_FIELDS

_PASSWORD: t.Final = ("password",)
_CLIENT_SECRET: t.Final = ("params", "oauth2", "client_secret")


def exported_profiles(profiles: t.Sequence[Record], secrets: t.Sequence[t.Sequence[SecretField]]) -> list[Exported]:
    """The entries that describe these profiles, in the order of their names; `secrets` are those of each profile."""
    names = Counter(profile["name"] for profile in profiles)
    pairs = sorted(zip(profiles, secrets), key=lambda pair: (pair[0]["name"], pair[0]["id"]))
    return [_exported(profile, hidden, is_unique=names[profile["name"]] == 1) for profile, hidden in pairs]


def _exported(profile: Record, secrets: t.Sequence[SecretField], *, is_unique: bool) -> Exported:
    exported = Exported(profile["name"] or f"id {profile['id']}")
    for name in FIELDS:
        value = profile.get(name)
        if name == "auth_type" and value and value not in AUTH_TYPES:
            exported.left_out.append(f"{name} ({value!r} is none of its values)")
        elif name == "schema" and value:
            # The number is another one on another server, the name of a flow is not.
            exported.entry[name] = {"name": value["name"]} if value.get("name") else {"id": int(value["id"])}
        elif name == "params" and value:
            exported.entry[name] = {
                "oauth2": {part: value["oauth2"][part] for part in OAUTH2 if value["oauth2"].get(part)}
            }
        elif value not in (None, "") and (name != "name" or is_unique):
            exported.entry[name] = value
    exported.left_out += sorted(name for name in profile if name not in (*FIELDS, *SERVER_FIELDS))
    exported.drop_refused(input_problems)
    if "name" not in exported.entry:
        # A name that fits two profiles means neither of them, and an empty one none.
        exported.entry = {"id": profile["id"], **exported.entry}
    for secret in secrets:
        if secret.path == _PASSWORD:
            exported.add_password(secret, _PASSWORD)
        elif secret.path == _CLIENT_SECRET:
            exported.add_secret(secret, _CLIENT_SECRET)
        else:
            exported.left_out.append(".".join(map(str, secret.path)))
    return exported
