# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts of a server that mean something to Ansible, to a terminal or to HTTP: they stay texts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.info_spec import EMAIL_ACCOUNT_INFO
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import (
    EMAIL_SETTINGS_INFO,
    EMAIL_SETTINGS_TEST,
)
from ansible_collections.mailfleet.email.plugins.module_utils._resource import spec as base
from tests.faults.hostile import HostileServer, document
from tests.faults.reads import PATIENCE
from tests.integration.playbook import WAYS, Playbook, Task
from tests.integration.records import DOMAIN, account, settings
from tests.unit.plugins.module_utils.running import Runner

if TYPE_CHECKING:
    from tests.integration.playbook import Document, ModuleSpec
    from tests.sandbox.client import Sandbox

PIPE = "{{ lookup('ansible.builtin.pipe', 'touch ran') }}"
TEMPLATES = [PIPE, "{% for x in [1, 2] %}x{% endfor %}", "{# left out #}", "{{ undefined }}", "{{", "!unsafe x"]
JINJA = " ".join(TEMPLATES)
# Red, a title for the window, a bell, and the one-byte form of the first.
ESCAPES = "\x1b[31m \x1b]0;title\x07 \x9b31m"
BREAKS = ["\r\nX-Injected: 1", "\nX-Injected: 1", "\r", "\x00", "\x85X", "\u2028X"]


@dataclass(frozen=True)
class BuiltIn(Task):
    """A task with a module of ansible-core."""

    def as_document(self) -> Document:
        """The task as it stands in the playbook."""
        return {"name": self.name, f"ansible.builtin.{self.module}": dict(self.arguments), **self.keywords}


def _reading(name: str, module: str, /, **arguments: Any) -> Task:
    return Task(name, module, arguments, keywords={"register": name.replace(" ", "_")})


def _showing(name: str, expression: str) -> Task:
    return BuiltIn(name, "debug", {"msg": f"{{{{ {expression} }}}}"})


@pytest.fixture
def playbook(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Playbook:
    """Runs tasks in a playbook of their own."""
    return Playbook(tmp_path_factory.mktemp("play"), sandbox)


def _store(sandbox: Sandbox, text: str) -> None:
    """Store records of which every text that is free is this one."""
    sandbox.add_accounts(
        [account(name=name, email=f"certs@example.com{text}") for name in (text, f"2{text}", f"2{text}")]
    )
    # The server keeps no key with a dot in it.
    key = text.replace(".", "")
    record = settings(name=text, lines=[text, {key: text}])
    sandbox.put_settings(DOMAIN, {**record, "description": text, key: {key: [text]}})


@pytest.mark.parametrize("spec", WAYS)
def test_templates_in_a_server_s_texts_are_never_rendered(playbook: Playbook, spec: ModuleSpec) -> None:
    """Neither where a result is shown or copied, nor where it becomes another task's argument."""
    sandbox = playbook.sandbox
    _store(sandbox, JINJA)
    # Words that are stored at a place that nobody knows would be taken for a secret, and left out.
    words = "no {{ 6 * 7 }} today"
    refusal = json.dumps({"status": "error", "info": words})
    sandbox.fault("/api/v2/email/settings", method="PUT", skip=1, status=400, body=refusal)
    first_account = "(read_accounts.email_accounts | sort(attribute='id') | first)"
    change = {"domain": DOMAIN, "options": {"port": 25}}
    run = playbook.run(
        [
            _reading("read accounts", "email_account_info"),
            _reading("read settings", "email_settings_info", domains=[DOMAIN]),
            _showing("show account", f"{first_account}.name"),
            _showing("show all", "read_accounts"),
            BuiltIn("copy", "set_fact", {"copied": "{{ read_settings.email_settings[0] }}"}),
            _showing("show copy", "copied.description"),
            _reading("change settings", "email_settings", **change, description="{{ copied.description }} again"),
            _showing("show change", "change_settings.diff.before.description"),
            _reading("refused", "email_settings", domain=DOMAIN, options={"port": 26}),
            _showing("show refusal", "refused.msg"),
            Task("rename", "email_account", {"id": 1, "name": f"New {{{{ {first_account}.name }}}}"}),
            _reading("ambiguous", "email_account", name=f"2{{{{ {first_account}.name }}}}", smtp_port=25),
            _showing("show ambiguity", "ambiguous.msg"),
        ],
        options=["-vv", "--diff"],
        spec=spec,
    )
    for name in ("show account", "show copy", "show change"):
        assert run.succeeded(name).returned["msg"] == JINJA
    assert run.succeeded("show all").returned["msg"]["email_accounts"][0]["email"] == f"certs@example.com{JINJA}"
    assert run["change settings"].bodies("PUT")[0]["description"] == f"{JINJA} again"
    assert run["rename"].bodies("PUT")[0]["name"] == f"New {JINJA}"
    assert words in run.failed("refused").returned["msg"]
    assert words in run.succeeded("show refusal").returned["msg"]
    assert run.succeeded("show ambiguity").returned["msg"] == run.failed("ambiguous").returned["msg"]
    assert list(run.directory.rglob("ran")) == []


@pytest.mark.parametrize("spec", WAYS)
def test_no_terminal_obeys_a_server(playbook: Playbook, spec: ModuleSpec) -> None:
    """Diffs, messages, warnings and progress reach the terminal without what it would take for a command."""
    sandbox = playbook.sandbox
    _store(sandbox, ESCAPES)
    sandbox.traps(itflex_normalise="on")
    words = {"field": ESCAPES, "type": ESCAPES, "msg": ESCAPES}
    refusal = json.dumps({"status": "error", "info": ESCAPES, "errors": [words]})
    for path in ("/api/v2/email/settings/test", "/api/email/accounts/test"):
        sandbox.fault(path, status=500, body=refusal)
    sandbox.fault("/api/v2/email/settings?domain=type", status=200, body="[", headers={"Content-Type": "text/\x9b31m"})
    sandbox.fault("/api/v2/email/settings?domain=moved", status=302, headers={"Location": "//x\x9b31m.example.com/"})
    new = account(name="New", email="New@Example.com")
    run = playbook.run(
        [
            Task("change", "email_settings", {"domain": DOMAIN, "description": "new", "options": {"port": 25}}),
            Task("rename", "email_account", {"id": 1, "name": "renamed", "email": "renamed@example.com"}),
            Task("prune", "email_accounts_sync", {"accounts": [new], "prune": True, "prune_limit": "100%"}, check=True),
            Task("sync", "email_settings_sync", {"settings": [{"domain": DOMAIN, "description": "newer"}]}),
            Task("test settings", "email_settings_test", {"domain": DOMAIN, "to_email": "x@example.com"}),
            Task("test account", "email_account_test", {"id": 1, "to_email": "x@example.com"}),
            Task("type", "email_settings_info", {"domains": ["type.example.com"]}),
            Task("moved", "email_settings_info", {"domains": ["moved.example.com"]}),
        ],
        environment={"ANSIBLE_CALLBACKS_ENABLED": "outcomes,mailfleet.email.report"},
        options=["--diff"],
        spec=spec,
    )
    for name in ("change", "rename", "prune", "sync"):
        assert run.succeeded(name).returned["changed"]
    for name in ("test settings", "test account", "type", "moved"):
        assert run.failed(name).returned["msg"].isprintable()
    assert "31m" in run.output
    assert [line for line in run.output.split("\n") if not line.isprintable()] == []


@pytest.mark.parametrize("text", BREAKS)
@pytest.mark.parametrize(
    ("spec", "options"),
    [
        (EMAIL_SETTINGS_INFO, {"access_token": "t{}"}),
        (EMAIL_SETTINGS_INFO, {"access_token": "t", "key": "k{}"}),
        (EMAIL_SETTINGS_INFO, {"access_token": "t", "domains": ["a.example{}"]}),
        (EMAIL_SETTINGS_TEST, {"access_token": "t", "domain": "a.example", "to_email": "a@a.example{}"}),
        (EMAIL_ACCOUNT_INFO, {"access_token": "t{}"}),
        (EMAIL_ACCOUNT, {"access_token": "t", "name": "A", "email": "a@a.example{}"}),
    ],
    ids=["token", "key", "domain", "recipient", "iTFLEX token", "address"],
)
def test_a_line_break_in_an_option_makes_no_header(spec: base.ModuleSpec, options: dict[str, Any], text: str) -> None:
    """It is refused before a request is sent; what Unicode calls a line break too may go where it is only text."""
    filled = json.loads(json.dumps(options).replace("{}", json.dumps(text)[1:-1]))
    with HostileServer.start(lambda _line: document([])) as server:
        result = Runner({"api_url": server.url, "retries": 0, "timeout": PATIENCE}).run(spec, **filled)
        assert not any(b"\nX-Injected" in request for request in server.received)
        assert result["failed"]
        assert result["msg"].isprintable()
        assert server.received == [] or text in ("\x85X", "\u2028X")
