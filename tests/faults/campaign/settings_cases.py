# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random Webitel servers, and random tasks about their domains' email settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hypothesis import strategies as st

from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import (
    EMAIL_SETTINGS,
    EMAIL_SETTINGS_INFO,
)
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC

from .model import Expectation, settings_goals
from .scene import Deed, Task
from .wishes import SECRETS, TaskWish, Wish, optional, task_wishes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .model import Key, Record, State
    from .scene import Meddling, Scene

DOMAINS = ("a.example.com", "b.example.com", "c.example.com", "d.example.com")


@dataclass(frozen=True)
class Server:
    """What is there at the beginning, and how this server behaves."""

    settings: Mapping[str, Record]
    traps: Mapping[str, str]
    credentials: Literal["token", "bound", "login"]


_secret = st.sampled_from(SECRETS)
_texts = optional(
    **{
        "from": st.sampled_from(("pbx@a.example.com", "noreply@b.example.com")),
        "description": st.sampled_from(("Mail", "Post")),
    }
)
_hosts = st.sampled_from(("smtp.example.com", "mail.example.com"))
_login = st.fixed_dictionaries({"user": st.sampled_from(("pbx", "fax")), "pass": _secret})
_live_options = st.fixed_dictionaries(
    {"host": _hosts},
    optional={
        "port": st.sampled_from((25, 465, 587)),
        "secure": st.booleans(),
        "debug": st.booleans(),
        "tls": st.fixed_dictionaries(
            {"rejectUnauthorized": st.booleans()}, optional={"minVersion": st.just("TLSv1.2")}
        ),
        "auth": _login,
        "requireTLS": st.booleans(),
        "connectionTimeout": st.sampled_from((1000, 2000)),
        "pool": st.just(True),
        "dkim": st.fixed_dictionaries({"domainName": st.just("example.com"), "privateKey": _secret}),
        "headers": st.sampled_from(
            ({"X-Sender": ["one", 2, None]}, [{"key": "Authorization", "value": f"Basic {SECRETS[0]}"}])
        ),
        "proxy": st.just(f"http://proxy:{SECRETS[1]}@proxy.example.com"),
        "smtppassword": _secret,
        "url": st.just(f"smtps://smtp.example.com?auth.pass={SECRETS[2]}"),
    },
)
_live = st.builds(
    lambda options, texts, others: {"provider": "smtp", "options": options, **texts, **others},
    _live_options,
    _texts,
    optional(
        note=st.sampled_from(({"owner": "somebody else", "tags": [1, 2.5, None]}, {"dkimKey": SECRETS[0]})),
        active=st.booleans(),
    ),
)
_extra = optional(
    requireTLS=st.sampled_from((True, False, None)),
    connectionTimeout=st.sampled_from((1000, 2000, None)),
    dkim=st.fixed_dictionaries({"privateKey": _secret}),
    proxy=st.sampled_from((f"http://proxy:{SECRETS[2]}@proxy.example.com", None)),
    clientsecret=_secret,
    headers=st.just([{"key": "Authorization", "value": f"Bearer {SECRETS[1]}"}]),
)
_wanted_options = st.fixed_dictionaries(
    {},
    optional={
        "host": _hosts,
        "port": st.sampled_from((25, 465, 587)),
        "secure": st.booleans(),
        "tls": st.fixed_dictionaries({"reject_unauthorized": st.booleans()}),
        "auth": _login,
        "extra": _extra,
    },
)


@st.composite
def servers(draw: st.DrawFn) -> Server:
    """Servers of every kind, with up to four domains that have settings."""
    traps = draw(
        optional(
            webitel_passwords=st.sampled_from(("clear", "clear", "mask", "blank", "omit")),
            webitel_normalise=st.sampled_from(("off", "on")),
        )
    )
    settings = draw(st.dictionaries(st.sampled_from(DOMAINS), _live, max_size=len(DOMAINS)))
    return Server(settings, traps, draw(st.sampled_from(("token", "bound", "login"))))


@st.composite
def _wish(draw: st.DrawFn, domain: str) -> Wish:
    if draw(st.integers(0, 4)) == 0:
        return Wish(domain, absent=True)
    fields = {**draw(_texts), **draw(optional(options=_wanted_options))}
    fields |= draw(optional(replace=st.booleans(), update_password=st.sampled_from(("always", "on_create"))))
    return Wish(domain, fields=fields)


def settings_tasks() -> st.SearchStrategy[TaskWish]:
    """Tasks about one domain or about many."""
    return task_wishes(DOMAINS, _wish, DOMAINS[-1])


class Settings:
    """The settings on the sandbox's server."""

    api_url_suffix = "/engine"

    def __init__(self, scene: Scene, server: Server) -> None:
        """Bring the sandbox's server to its beginning."""
        self._scene = scene
        self._credentials = server.credentials
        scene.sandbox.reset()
        scene.sandbox.add_domains(*DOMAINS)
        self._traps = scene.sandbox.traps(**server.traps)
        for domain, record in server.settings.items():
            scene.sandbox.put_settings(domain, self._as_stored(record))

    def _as_stored(self, record: Record) -> Record:
        """A record as a server that normalises has it."""
        port = record["options"].get("port")
        if self._traps["webitel_normalise"] == "off" or port is None:
            return record
        return {**record, "options": {**record["options"], "port": str(port)}}

    @property
    def shows_passwords(self) -> bool:
        """Whether answers show passwords as they are."""
        return bool(self._traps["webitel_passwords"] == "clear")

    # A domain has one record at most, whoever writes it.
    names_are_unique = True

    def state(self) -> State:
        """All settings by their domains."""
        state: State = {}
        return state | self._scene.sandbox.settings()

    def task(self, wish: TaskWish, *, at_once: bool = True) -> Task:
        """The task that a wish means now; ``at_once`` tells whether it may do several things at the same time."""
        live = self.state()
        entries = [self._entry(one, live.get(one.name)) for one in wish.wishes]
        options: Record = {"retries": wish.retries, **self._login(wish.wishes[0].name if not wish.many else None)}
        prune = wish.many and wish.prune
        if wish.many:
            options |= {"settings": entries, "prune": prune, "prune_keep": list(wish.keep), "prune_limit": "100%"}
            options |= {"on_error": wish.on_error, "concurrency": wish.concurrency if at_once else 1}
        else:
            options |= entries[0]

        def expect(state: State) -> Expectation:
            normalises = self._traps["webitel_normalise"] == "on"
            return settings_goals(entries, state, prune=prune, keep=wish.keep, normalises=normalises)

        return Task(EMAIL_SETTINGS_SYNC if wish.many else EMAIL_SETTINGS, options, expect)

    def look(self) -> Task:
        """The task that reads the settings of all domains."""
        return Task(EMAIL_SETTINGS_INFO, self._login(None), lambda _state: Expectation())

    def _login(self, domain: str | None) -> Record:
        ready = self._scene.sandbox.ready["webitel"]
        if self._credentials == "login":
            return {name: ready[name] for name in ("username", "password")}
        if self._credentials == "bound" and domain is not None:
            return {"access_token": self._scene.bound_token(domain)}
        return self._scene.sandbox.root

    def _entry(self, one: Wish, live: Record | None) -> Record:
        if one.absent:
            return {"domain": one.name, "state": "absent"}
        entry: Record = {"domain": one.name, **one.fields}
        options = dict(entry.get("options", {}))
        if live is None or entry.get("replace"):
            options.setdefault("host", "smtp.example.com")
        if not self.shows_passwords:
            # What is not shown can neither be compared nor kept, so it has to be given.
            options.setdefault("auth", {"user": "pbx", "pass": SECRETS[0]})
            entry.pop("update_password", None)
        return {**entry, "options": options} if options else entry

    def meddle(self, meddling: Meddling, task: Task, state: State) -> Key | None:
        """Do the deed behind the server's back, as another run would with its own requests."""
        domain, sandbox = meddling.name, self._scene.sandbox
        live = state.get(domain)
        if meddling.deed is Deed.CREATE:
            if live is None:
                sandbox.put_settings(domain, {"provider": "smtp", "options": {"host": "theirs.example.com"}, "new": 1})
            return domain if live is None else None
        if live is None:
            return None
        if meddling.deed is Deed.DELETE:
            sandbox.control("DELETE", f"webitel/settings/{domain}")
            return domain
        if meddling.deed is Deed.CHANGE_UNMANAGED:
            sandbox.put_settings(domain, {**live, "theirs": "new"})
            return domain
        goal = task.expect(state).goal_of.get(domain)
        if goal is None or ("description",) not in goal.managed:
            return None
        sandbox.put_settings(domain, {**live, "description": "Theirs"})
        return domain
