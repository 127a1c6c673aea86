# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results as the modules return them, and runs that are made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.mailfleet.email.plugins.plugin_utils._report.run import Ended, Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.mailfleet.email.plugins.plugin_utils._report.document import Document

ITFLEX = "https://appliance.example.com"
WEBITEL = "https://pbx.example.com/engine"


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """A diff as the modules make it."""
    return {"before": dict(before), "after": dict(after), "before_header": "a record", "after_header": "a record"}


def created(key: str, **after: Any) -> dict[str, Any]:
    """A record result on a record that is created."""
    return item(key, "created", {}, after)


def updated(key: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """A record result on a record that is updated."""
    return item(key, "updated", before, after)


def deleted(key: str, **before: Any) -> dict[str, Any]:
    """A record result on a record that is deleted."""
    return item(key, "deleted", before, {})


def unchanged(key: str) -> dict[str, Any]:
    """A record result on a record that is as it should be."""
    return {"key": key, "action": "none"}


def failed(key: str, error: str, **after: Any) -> dict[str, Any]:
    """A record result on a record that could not be created."""
    return {**created(key, **after), "action": "failed", "error": error, "failure": {"kind": "refused", "status": 409}}


def item(key: str, action: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of `results`. The records are flat."""
    fields = sorted(name for name in {**before, **after} if before.get(name) != after.get(name))
    return {
        "key": key,
        "action": action,
        "changed_fields": fields,
        "warnings": [],
        "error": None,
        "diff": diff(before, after),
    }


def synced(*items: dict[str, Any], **others: Any) -> dict[str, Any]:
    """What a module about many records returns."""
    return {"changed": any(entry["action"] != "none" for entry in items), "results": list(items), **others}


def single(entry: Mapping[str, Any], **others: Any) -> dict[str, Any]:
    """What a module about one record returns; `entry` is what a module about many would."""
    reported = {name: value for name, value in entry.items() if name not in ("key", "warnings", "error")}
    return {"changed": entry["action"] != "none", "diff": diff({}, {}), **reported, **others}


def ended(result: Mapping[str, Any], module: str = "email_accounts_sync", **changes: Any) -> Ended:
    """How a task ended, in check mode and well, if `changes` say nothing else."""
    values: dict[str, Any] = {
        "host": "one",
        "uuid": "the task",
        "task": "Accounts",
        "module": f"mailfleet.email.{module}",
        "arguments": {"api_url": WEBITEL if "settings" in module else ITFLEX},
        "result": result,
        "status": "changed" if result.get("changed") else "ok",
        "check_mode": True,
        **changes,
    }
    return Ended(**values)


def document_of(*ends: Ended, statuses: Mapping[str, str] | None = None) -> Document:
    """The report of a run in which tasks ended like this, one after the other."""
    run = Run()
    run.begin_play("The play")
    for end in ends:
        run.end(end)
    return run.document(statuses or {end.host: "ok" for end in ends})


HOSTILE = [
    "<script>document.title = 'hacked'</script>",
    '"><img src=x onerror="document.title = \'hacked\'">',
    "javascript:document.title='hacked'",
    "</script><script>document.title = 'hacked'</script>",
    "<!--<script>",
    "]]>&lt;b&gt;",
    "\x1b[31mred\x1b[0m\x07\x00",
    "one\ntwo\r\n| three | four |",
    "`code` ``more`` *bold* [link](https://evil.example.com) ![x](https://evil.example.com/x.png)",
    "@everybody #1 https://evil.example.com www.evil.example.com <https://evil.example.com>",
    "a \\| b \\\\| c | d",
    "\u202eevil\u2066\u200b",
    "half a pair: \ud800",
    "</details></td></table>",
    "%%document%% {{ lookup('env', 'HOME') }} ${HOME}",
]
"""What a server may put in any of its fields."""


def hostile_document() -> Document:
    """The report of a run in which every text that comes from elsewhere is hostile."""
    ends = []
    for index, text in enumerate(HOSTILE):
        nested = {"field": text, text: {"deep": [text]}}
        results = [
            created(text, **nested),
            updated(text, {"field": text, "same": text}, {"field": f"{text}.", "same": text}),
            deleted(text, **nested),
            failed(text, text, **nested),
            {**unchanged(text), "warnings": [text]},
        ]
        arguments = {"api_url": f"https://example.com/{text}", "name": text, "email": text}
        changes: dict[str, Any] = {"host": f"{index} {text}", "task": text, "arguments": arguments}
        ends += [
            ended(synced(*results, warnings=[text], undescribed=[{"name": text}]), **changes),
            ended(single(created(text, **nested)), "email_account", **changes, uuid="second", check_mode=False),
            ended({"msg": text, "failure": {"kind": text}}, **changes, uuid="third", status="failed"),
            ended(
                {"sent": True, "from": text, "to_email": text, "via": {text: text}, "msg": text},
                "email_account_test",
                **changes,
                uuid="fourth",
            ),
        ]
    return document_of(*ends)
