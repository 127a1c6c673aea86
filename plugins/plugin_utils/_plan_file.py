# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file of a plan: what was reviewed of each host, closed with a digest so that no part of it is lost or changed.

The digest alone is against accidents: who may write the file can make another one. With a key it is a signature.
"""

from __future__ import annotations

import hmac
import typing as t
from contextlib import contextmanager
from pathlib import Path

from ansible_collections.mailfleet.email.plugins.module_utils._engine.digests import canonical, digest
from ansible_collections.mailfleet.email.plugins.module_utils._engine.planned_outcome import Entry
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import Password, reveal
from ansible_collections.mailfleet.email.plugins.module_utils._text import visible
from ansible_collections.mailfleet.email.plugins.plugin_utils._host_results import entries_in
from ansible_collections.mailfleet.email.plugins.plugin_utils._plan_index import (
    NotIndexed,
    indexed_line,
    laid_out,
    read_once,
)
from ansible_collections.mailfleet.email.plugins.plugin_utils._regular_files import content_of_regular, open_regular
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.files import write_changed

KIND: t.Final = "mailfleet.email plan"
SCHEMA_VERSION: t.Final = 1
_ACTIONS = ("created", "updated", "unknown", "deleted", "none")

HostPlan = dict[str, list[Entry]]
"""For each kind of record of a host, what is planned."""

Plans = dict[str, HostPlan]
"""For each host, what is planned."""


class PlanError(Exception):
    """A plan that cannot be used, and why."""


def read_plans(path: Path, key: Password | None, *, signed: bool = False) -> tuple[Plans, list[str]]:
    """The plans in a file, and the hosts that could not be planned. Raises `PlanError`, which names the file.

    With `signed` an unsigned plan is refused.
    """
    with _named(path):
        check_key(key, signed=signed)
        return plans_in(content_of_regular(path).decode("utf-8"), key)


def plan_of_host(path: Path, host: str, key: Password | None) -> HostPlan | None:
    """The plan of one host, `None` where the host could not be planned. Raises `PlanError`, which names the file.

    What the file says of other hosts is neither read nor checked, unless something is wrong.
    """
    with _named(path):
        check_key(key, signed=False)
        try:
            with open_regular(path) as file:
                planned = indexed_line(file, host, key)
            if planned is None or _is_host_plan(planned):
                return t.cast("HostPlan | None", planned)
        except NotIndexed:
            # Whatever is wrong, the whole file tells it better.
            pass
        plans, not_planned = plans_in(content_of_regular(path).decode("utf-8"), key)
        if host not in plans and host not in not_planned:
            raise PlanError(f"does not know {visible(host)}: plan again")
    return plans.get(host)


@contextmanager
def _named(path: Path) -> t.Iterator[None]:
    """Let what is wrong with a plan name its file."""
    try:
        yield
    except (OSError, UnicodeDecodeError) as exc:
        raise PlanError(f"The plan {path}: {getattr(exc, 'strerror', None) or 'cannot be read'}") from None
    except PlanError as exc:
        raise PlanError(f"The plan {path} {exc}") from None


def check_key(key: Password | None, *, signed: bool) -> None:
    """Raise `PlanError` for a key that is none, and where plans must be signed and there is no key.

    An empty key is what a secret that is missing in a pipeline looks like: nothing would be signed without a word. So
    is a byte order mark alone, which some editors write into an empty file.
    """
    if key is not None and not any(char.isprintable() and not char.isspace() for char in reveal(key)):
        raise PlanError("has an empty key: give one (mailfleet_plan_key), or leave it out for a plan without signature")
    if signed and key is None:
        raise PlanError("has to be signed: give the key (mailfleet_plan_key)")


def entries_of(result: t.Mapping[str, t.Any]) -> list[Entry]:
    """What a plan keeps of the result of a task about many records. Raises `PlanError` where it lacks fingerprints."""
    results = entries_in(result)
    if results is None or "fingerprints" not in result or "outcomes" not in result:
        raise PlanError("needs results of tasks with the option plan")
    return [
        {
            "record": str(entry["key"]),
            "action": entry["action"],
            "changed_fields": list(entry.get("changed_fields", ())),
            "fingerprint": fingerprint,
            **({"outcomes": list(outcomes)} if outcomes else {}),
        }
        for entry, fingerprint, outcomes in zip(results, result["fingerprints"], result["outcomes"])
    ]


def plan_text(plans: Plans, not_planned: t.Sequence[str], key: Password | None) -> str:
    """The content of a plan's file. `not_planned` are the hosts of which no plan could be made."""
    totals = dict.fromkeys(_ACTIONS, 0)
    for records in (records for kinds in plans.values() for records in kinds.values()):
        for entry in records:
            totals[entry["action"]] += 1
    content = {
        # The first line says what this is, and whether it is signed.
        "kind": KIND,
        "signed": bool(key),
        "schema_version": SCHEMA_VERSION,
        "totals": totals,
        "not_planned": sorted(not_planned),
        "hosts": plans,
    }
    return laid_out(content, key)


def write_plan(
    path: Path, plans: Plans, not_planned: t.Sequence[str], key: Password | None
) -> tuple[bytes, dict[str, t.Any]]:
    """Write a plan's file, unless it has this content. Raises `OSError`.

    Returns the content, and what that adds to a task's result.
    """
    content = plan_text(plans, not_planned, key).encode()
    changed = write_changed(path, content)
    return content, {"changed": changed, "planned": sorted(plans), "not_planned": sorted(not_planned)}


def plans_in(text: str, key: Password | None) -> tuple[Plans, list[str]]:
    """The plans of a file's content, and the hosts that could not be planned.

    Raises `PlanError` where it says anything else than what was written.
    """
    try:
        document = read_once(text)
    except (ValueError, RecursionError):
        raise PlanError("is no JSON: it is no plan, or a part of one, or was changed") from None
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise PlanError("is no plan of this collection")
    if document.get("schema_version") != SCHEMA_VERSION:
        raise PlanError("was made by another version of the collection: plan again")
    _check_digest(document, key)
    if not _is_well_formed(document):
        raise PlanError("has another shape than this collection writes: plan again")
    return document["hosts"], document["not_planned"]


def _is_well_formed(document: dict[str, t.Any]) -> bool:
    """Whether a document is what `plan_text` makes: who writes the file without a key can give anything a digest."""
    hosts, not_planned = document.get("hosts"), document.get("not_planned")
    return isinstance(hosts, dict) and all(map(_is_host_plan, hosts.values())) and _are_texts(not_planned)


def _is_host_plan(planned: t.Any) -> bool:
    return isinstance(planned, dict) and all(map(_are_entries, planned.values()))


def _are_entries(entries: t.Any) -> bool:
    return isinstance(entries, list) and all(
        isinstance(entry, dict)
        and all(isinstance(entry.get(name), str) for name in ("record", "action", "fingerprint"))
        and all(_are_texts(texts) for texts in (entry.get("changed_fields"), entry.get("outcomes", [])))
        for entry in entries
    )


def _are_texts(data: t.Any) -> bool:
    return isinstance(data, list) and all(isinstance(text, str) for text in data)


def _check_digest(document: dict[str, t.Any], key: Password | None) -> None:
    if document.get("signed") and not key:
        raise PlanError("is signed: give the key that it was made with")
    if key and not document.get("signed"):
        raise PlanError("is not signed, but there is a key: plan with the key")
    content = {name: value for name, value in document.items() if name != "digest"}
    try:
        expected = digest(canonical(content), key)
    except RecursionError:
        # No digest fits what none can be made of, an empty one neither.
        expected = None
    # As bytes, since others than ASCII cannot be compared as text.
    found = str(document.get("digest")).encode("utf-8", "replace")
    if expected is None or not hmac.compare_digest(found, expected.encode()):
        other_key = ", or the key is another one" if key else ""
        raise PlanError(f"was changed since it was written{other_key}: plan again")


def check_hosts(
    path: Path, plans: Plans, not_planned: t.Sequence[str], hosts: t.Sequence[str], *, subset: bool
) -> list[str]:
    """Raise `PlanError` unless the plan is about these hosts; with `subset` it may be about more, which it returns."""
    failed = sorted(set(hosts) & set(not_planned))
    unknown = sorted(set(hosts) - set(plans) - set(failed))
    others = sorted(set(plans) - set(hosts))
    parts = [
        f"it {words} {visible(', '.join(names))}"
        for words, names in (
            ("could not plan", failed),
            ("does not know", unknown),
            ("is also about what is on no host of this run:", [] if subset else others),
        )
        if names
    ]
    if parts:
        raise PlanError(f"The plan {path} does not fit: {'; '.join(parts)}; plan again")
    return others
