# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A product that does not exist, with all that a product brings: postboxes in memory, found by id or by name.

It stands for the next product: whatever common code needs to know, it must be able to learn from this file.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any

from ansible_collections.mailfleet.email.plugins.module_utils._engine.harmless import with_opened
from ansible_collections.mailfleet.email.plugins.module_utils._engine.plan import Plan, plan_absent, plan_present
from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import Problem
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import Record, wrap
from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import (
    ApiStatusError,
    ConnectionFailed,
    NotFound,
    Request,
)
from ansible_collections.mailfleet.email.plugins.module_utils._http.retries import RateLimiter, Retries
from ansible_collections.mailfleet.email.plugins.module_utils._mail.explanation import MailFields
from ansible_collections.mailfleet.email.plugins.module_utils._mail.send_failure import ProductWords
from ansible_collections.mailfleet.email.plugins.module_utils._resource import ensure, info, sending, sync
from ansible_collections.mailfleet.email.plugins.module_utils._resource.base import given
from ansible_collections.mailfleet.email.plugins.module_utils._resource.exported import Exported, SecretField
from ansible_collections.mailfleet.email.plugins.module_utils._resource.interface import NUMBER, TEXT, Product, Resource
from ansible_collections.mailfleet.email.plugins.module_utils._resource.planning import subject
from ansible_collections.mailfleet.email.plugins.module_utils._resource.sending import Message
from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import (
    FILTERS,
    SHOWN_FIELDS,
    STATE,
    ModuleSpec,
    connection,
    from_environment,
)
from ansible_collections.mailfleet.email.plugins.module_utils._resource.sync_options import fleet, without_defaults
from ansible_collections.mailfleet.email.plugins.module_utils._resource.write import Done, Replan, apply

FIELDS = ("name", "host", "port", "password")
HARMLESS = with_opened({}, ["name", "host"])
SERVERS: dict[str, Server] = {}


@dataclass
class Server:
    """A server of the product: its postboxes by id, the requests it got, and which postboxes are forwarded to."""

    postboxes: dict[int, Record] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    forwarded: set[int] = field(default_factory=set)

    def add(self, **fields: Any) -> int:
        """Store a postbox. Returns its id."""
        target = max(self.postboxes, default=0) + 1
        self.postboxes[target] = wrap(fields, HARMLESS)
        return target


class PostboxStore:
    """The postboxes of one server."""

    def __init__(self, server: Server) -> None:
        """Work on this server."""
        self._server = server
        self.retries = Retries(0, 60, RateLimiter(None))

    def forget(self) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing is open."""

    def read_all(self) -> list[Record]:
        """Lists show no hosts."""
        self._server.requests.append("LIST")
        boxes = self._server.postboxes.items()
        return [{"id": target, "name": record["name"], "port": record.get("port")} for target, record in boxes]

    def read(self, target: Any) -> Record | None:
        """The whole postbox."""
        self._server.requests.append(f"READ {target}")
        record = self._server.postboxes.get(target)
        return None if record is None else {"id": target, **record}

    def in_use(self, targets: Collection[int]) -> dict[int, Problem]:
        """Postboxes that others forward to stay."""
        return {target: Problem("", "is forwarded to") for target in targets if target in self._server.forwarded}

    def send_test(self, record: Record, to_email: str) -> Record:
        """Send a message from a postbox, unless its mail server is silent, or refuses the login or the address."""
        self._server.requests.append(f"TEST {record['name']} {to_email}")
        request = Request("POST", "memory")
        if record["host"] == "silent.example.com":
            raise ConnectionFailed(request, "the connection broke", sent=True)
        if record["host"] == "strict.example.com":
            raise ApiStatusError(request, 500, "says no", errors=[{"msg": "535 5.7.8 authentication failed"}])
        rejected = [to_email] if to_email == "nobody@example.com" else []
        return {"rejected": rejected, "response": "250 OK", "hidden": True}

    def apply(self, target: Any, plan: Plan, replan: Replan) -> Done:
        """Write a postbox."""
        return apply(plan, replan, PostboxWrite(self, self._server, target), self.retries)


@dataclass
class PostboxWrite:
    """One write."""

    store: PostboxStore
    server: Server
    target: Any

    def send(self, plan: Plan) -> Record | None:
        """Do what the plan says."""
        self.server.requests.append(f"{plan.action} {self.target}")
        if plan.before is not None and self.target not in self.server.postboxes:
            raise NotFound(Request("PUT", "memory"), 404, "is not there")
        if plan.after is None:
            del self.server.postboxes[self.target]
            return None
        if plan.before is None:
            self.target = self.server.add()
        self.server.postboxes[self.target] = dict(plan.after)
        return self.store.read(self.target)

    def look(self, _plan: Plan) -> Record | None:
        """Read it again."""
        return self.store.read(self.target)


def _problems(params: Any) -> list[Problem]:
    port = params.get("port")
    return [] if port is None or 0 < port < 65536 else [Problem("port", "must be from 1 to 65535")]


def _plan(params: Any, live: Record | None, desired: Record) -> Plan:
    return plan_absent(live) if params["state"] == "absent" else plan_present(live, desired)


def _plan_problems(_params: Any, plan: Plan, desired: Record) -> list[Problem]:
    lacks = plan.action == "created" and not desired.get("host")
    return [Problem("host", "is needed to create a postbox")] if lacks else []


def _exported(records: Any, secrets: Sequence[Sequence[SecretField]]) -> list[Exported]:
    found = []
    for record, hidden in zip(records, secrets):
        exported = Exported(record["name"], given(record, FIELDS))
        for secret in hidden:
            exported.add_password(secret, ("password",))
        found.append(exported)
    return found


MADE_UP = Product(
    "made_up",
    "MADE_UP",
    lambda params: [] if params["access_token"] else [Problem("access_token", "is missing")],
    lambda params, _limits, _uninterrupted: PostboxStore(SERVERS[params["api_url"]]),
)
POSTBOX = Resource(
    product=MADE_UP,
    kind="postbox",
    plural="postboxes",
    option="postboxes",
    entry={**dict.fromkeys(("id", *FIELDS, "former_names")), "state": "present", "update_password": "always"},
    server_fields=("id",),
    fold=lambda _name, value: value,
    problems=_problems,
    desired=lambda params, known: wrap(given(params, FIELDS), known),
    plan=_plan,
    plan_problems=_plan_problems,
    sent_fields=lambda _params, desired, _live: desired,
    exported=_exported,
    hints=((("port",), "its port"),),
    in_use=lambda store, _params, targets: store.in_use(targets),
    write_only="password",
    harmless=HARMLESS,
    secrets=("password",),
    kinds={**dict.fromkeys(("name", "host", "password"), TEXT), "id": NUMBER, "port": NUMBER},
)


def _words() -> ProductWords:
    return ProductWords(MailFields(**{one.name: f"the {one.name}" for one in fields(MailFields)}))


MESSAGE = Message(
    problems=_problems,
    missing=lambda params: f"no postbox is called {params['name']}",
    advice="create it first",
    via=lambda record: given(record, ("host", "port")),
    host="host",
    port="port",
    sender="name",
    words=_words,
    answer=("rejected", "response"),
    unanswered="Ask the postmaster",
)

_RECORD: dict[str, Any] = {
    "id": {"type": "int"},
    "name": {"type": "str"},
    "host": {"type": "str"},
    "port": {"type": "int"},
    "password": {"type": "str", "no_log": True},
    "former_names": {"type": "list", "elements": "str"},
}
_SERVER: dict[str, Any] = {
    "api_url": from_environment("MADE_UP_API_URL"),
    "access_token": from_environment("MADE_UP_ACCESS_TOKEN", secret=True),
    **connection(),
}
ENSURE = ModuleSpec(
    {**_RECORD, **STATE, "shown_fields": SHOWN_FIELDS, **_SERVER},
    partial(subject, POSTBOX),
    partial(ensure.problems, POSTBOX),
    partial(ensure.ensure, POSTBOX),
)
INFO = ModuleSpec(
    {
        "id": {"type": "list", "elements": "int"},
        "name": {"type": "list", "elements": "str"},
        "filters": FILTERS,
        "shown_fields": SHOWN_FIELDS,
        **_SERVER,
    },
    partial(info.subject, POSTBOX),
    partial(info.problems, POSTBOX),
    partial(info.info, POSTBOX),
)
TEST = ModuleSpec(
    {"name": {"type": "str"}, "to_email": {"type": "str"}, **_SERVER},
    partial(sending.subject, POSTBOX),
    partial(sending.problems, POSTBOX, MESSAGE),
    partial(sending.send_test, POSTBOX, MESSAGE),
)
SYNC = ModuleSpec(
    {**fleet("postboxes", {**_RECORD, **without_defaults(STATE)}), **_SERVER},
    partial(sync.subject, POSTBOX),
    partial(sync.problems, POSTBOX),
    partial(sync.sync, POSTBOX),
    records="postboxes",
    document_key="postboxes",
    called_by=("id", "name"),
)
