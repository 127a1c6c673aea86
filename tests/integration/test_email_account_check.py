# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module ``email_account_check``: an account's settings against the mail server of the sandbox."""

from __future__ import annotations

import base64
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.checking import codes, finding, sandbox_defaults
from tests.integration.planted import Secrets, variable
from tests.integration.playbook import WAYS, Task
from tests.unit.plugins.module_utils._mail.smtp_servers import SmtpServer, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.playbook import Document, ModuleSpec, Playbook

# The sandbox's listeners, each with the way in which it wants to be spoken to.
LISTENERS = {"none": "none", "starttls": "starttls", "ssl_tls": "ssl-tls"}


@pytest.fixture
def defaults(playbook: Playbook) -> Iterator[dict[str, Document]]:
    with sandbox_defaults(playbook.sandbox) as options:
        yield options


def _arguments(playbook: Playbook, listener: str, crypt: str, **options: Any) -> dict[str, Any]:
    smtp = playbook.sandbox.ready["smtp"]
    server = {"smtp_server": smtp["host"], "smtp_port": smtp[listener], "smtp_crypt": crypt}
    return {"email": smtp["username"], "password": smtp["password"], **server, **options}


def test_every_listener_in_its_own_way(playbook: Playbook, defaults: dict[str, Document]) -> None:
    """The result is the same in check mode and for real, and from the action plugin and the module."""
    tasks = [
        Task(f"{listener} {mechanism}", "email_account_check", {**arguments, "smtp_auth_mechanism": mechanism}, check)
        for listener, crypt in LISTENERS.items()
        for mechanism, check in (("plain", False), ("login", True), ("cram-md5", False))
        for arguments in [_arguments(playbook, listener, crypt)]
    ]
    results = []
    for spec in WAYS:
        run = playbook.run(tasks, defaults=defaults, spec=spec)
        results.append({task.name: run.succeeded(task.name).returned for task in tasks})
        assert all(run[task.name].requests == [] for task in tasks)
    assert [{**returned, "invocation": None} for returned in results[0].values()] == [
        {**returned, "invocation": None} for returned in results[1].values()
    ]
    for name, returned in results[0].items():
        listener, mechanism = name.split(" ")
        assert returned["changed"] is False
        assert codes(returned) == (["not_encrypted"] if listener == "none" else [])
        assert returned["server"]["login"]["accepted"] is True
        assert returned["server"]["login"]["mechanism"] == mechanism.upper()
        assert (returned["server"]["tls"] is None) is (listener == "none")
        assert returned["sender_domain"]["mx"] == ["mail.example.com"]
    assert playbook.sandbox.messages() == []


def test_every_listener_in_the_ways_of_the_others(playbook: Playbook, defaults: dict[str, Document]) -> None:
    wrong = {
        (listener, crypt): Task(f"{listener} as {crypt}", "email_account_check", arguments)
        for listener, own in LISTENERS.items()
        for crypt in set(LISTENERS.values()) - {own}
        for arguments in [_arguments(playbook, listener, crypt, timeout=3, fail_on="warning")]
    }
    run = playbook.run(wrong.values(), defaults=defaults)
    found = {key: codes(run.failed(task.name).returned) for key, task in wrong.items()}
    assert found == {
        ("none", "starttls"): ["starttls_not_offered"],
        ("none", "ssl-tls"): ["clear_at_first"],
        ("starttls", "none"): ["not_encrypted"],
        ("starttls", "ssl-tls"): ["clear_at_first"],
        ("ssl_tls", "none"): ["tls_from_first_byte"],
        ("ssl_tls", "starttls"): ["tls_from_first_byte"],
    }
    port = playbook.sandbox.ready["smtp"]["ssl_tls"]
    assert (
        run["ssl_tls as starttls"]
        .returned["msg"]
        .endswith(f"port {port} speaks TLS from the first byte, but smtp_crypt is starttls: set smtp_crypt to ssl-tls")
    )


@pytest.mark.parametrize("spec", WAYS)
def test_failures(playbook: Playbook, defaults: dict[str, Document], spec: ModuleSpec) -> None:
    good = _arguments(playbook, "ssl_tls", "ssl-tls")
    cases = {
        "bad password": ({**good, "password": "wrong"}, "login_refused"),
        "other name": ({**good, "smtp_server": "127.0.0.1"}, "certificate_other_name"),
        "nobody listens": ({**good, "smtp_port": 1}, "unreachable"),
        "unknown authority": ({**good, "ca_path": "/etc/ssl/certs"}, "certificate_unknown_authority"),
    }
    tasks = [Task(name, "email_account_check", arguments) for name, (arguments, _code) in cases.items()]
    never = Task("bad password, reported only", "email_account_check", {**cases["bad password"][0], "fail_on": "never"})
    run = playbook.run([*tasks, never], defaults=defaults, spec=spec)
    for name, (_arguments_of_it, code) in cases.items():
        returned = run.failed(name).returned
        assert returned["failure"]["kind"] == "check"
        assert codes(returned, "error") == [code]
        assert finding(returned, code)["message"] in returned["msg"]
    refused = run.succeeded(never.name)
    assert refused.returned["server"]["login"]["code"] == 535
    assert refused.warnings == [f"check of the email account {good['email']}: {_login_refused(refused.returned)}"]


def _login_refused(returned: Document) -> str:
    found = finding(returned, "login_refused")
    return f"{found['message']}: {found['advice']}"


@pytest.mark.parametrize("spec", WAYS)
def test_password_stays_hidden(playbook: Playbook, spec: ModuleSpec) -> None:
    """Nor do the words of a server that repeats what it was sent come out, in whatever form."""
    secrets = Secrets.plant(playbook.sandbox)
    password, login = secrets["password"], f"\0me@example.com\0{secrets['password']}"
    forms = [password, *(base64.b64encode(text.encode()).decode() for text in (password, login))]
    tasks: list[Task] = []
    servers: list[SmtpServer] = []
    with ExitStack() as stack:
        for words in (f"535 5.7.8 {forms[0]}", f"535 5.7.8 {forms[1]}", f"501 AUTH PLAIN {forms[2]}"):
            banner = f"220 {words}\r\n".encode()
            servers.append(stack.enter_context(serve(SmtpServer(banner=banner, answers={"AUTH": words}))))
            record = {"smtp_server": "127.0.0.1", "smtp_port": servers[-1].port, "smtp_crypt": "none"}
            asked = {"email": "me@example.com", "password": variable("password"), "dns_servers": ["127.0.0.1:9"]}
            tasks.append(Task(f"look {len(tasks)}", "email_account_check", {**record, **asked, "timeout": 3}))
        run = playbook.run(tasks, variables=secrets.variables, options=["-vvvv", "--diff"], spec=spec)
    assert [codes(run.failed(task.name).returned, "error") for task in tasks] == [["login_refused"]] * 3
    assert all(server.saw(password) for server in servers)
    assert secrets.found_in(run) == []
    assert not [form for form in forms if form in run.output]


def test_missing_library_is_named(playbook: Playbook, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    for library in ("requests", "voluptuous"):
        (tmp_path / f"{library}.py").touch()
    keywords = {
        "environment": {"PYTHONPATH": str(tmp_path)},
        "vars": {"ansible_python_interpreter": str(tmp_path / "bare" / "bin" / "python")},
    }
    run = playbook.run([Task("look", "email_account_check", _arguments(playbook, "none", "none"), keywords=keywords)])
    assert run["look"].failed
    assert "Failed to import the required Python library (dnspython)" in run["look"].returned["msg"]


def test_options_that_are_wrong(playbook: Playbook) -> None:
    run = playbook.run([Task("wrong", "email_account_check", {"email": "me", "smtp_port": "many", "timeout": 0})])
    fields = [problem["field"] for problem in run.failed("wrong").returned["failure"]["problems"]]
    # What is of another type is reported by Ansible, which names the option in its words.
    assert set(fields) == {"smtp_port", "email", "timeout", "smtp_server"}
