# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module ``email_delivery_info`` and a real mailbox: what is there, what it says, and that nothing is touched."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from imapclient import IMAPClient

from tests.integration.documented import examples
from tests.integration.playbook import COLLECTION, WAYS, Task
from tests.mail.dovecot import WITHOUT_TLS
from tests.mail.messages import deliver, logins, new_reader, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.playbook import Document, ModuleSpec, Playbook, Run
    from tests.mail.certificates import Certificates
    from tests.mail.conftest import User
    from tests.mail.dovecot import Dovecot
    from tests.mail.postfix import Postfix

MODULE = "email_delivery_info"
either_way = pytest.mark.parametrize("spec", WAYS)
SENDER = "certs@elsewhere.example"


@pytest.fixture
def reader(dovecot: Dovecot) -> User:
    return new_reader(dovecot)


@pytest.fixture
def mailbox(dovecot: Dovecot, certificates: Certificates, reader: User) -> Document:
    """The options that open the mailbox. The password is a variable, so that the playbook does not hold it."""
    return {
        "host": "localhost",
        "port": dovecot.imaps,
        "username": reader.address,
        "password": "{{ imap_password }}",
        "ca_path": str(certificates.authority),
        "wait": 60,
        "interval": 0.1,
    }


@pytest.fixture
def inside(dovecot: Dovecot, reader: User) -> Iterator[IMAPClient]:
    """A look at the mailbox from the side, once something is in it."""
    with IMAPClient("localhost", dovecot.imap, ssl=False) as client:
        client.login(reader.address, reader.password)
        yield client


def _flags(client: IMAPClient, folder: str = "INBOX") -> dict[int, tuple[bytes, ...]]:
    """The flags of all messages of a folder, without those that say nothing about what somebody did."""
    client.select_folder(folder, readonly=True)
    flags = client.get_flags(client.search())
    return {uid: tuple(flag for flag in found if flag != rb"\Recent") for uid, found in flags.items()}


@either_way
def test_what_is_there_and_what_it_says(
    playbook: Playbook, postfix: Postfix, mailbox: Document, reader: User, inside: IMAPClient, spec: ModuleSpec
) -> None:
    junk = reader.address.replace("@", "+Junk@")
    forged = {
        "Authentication-Results": "elsewhere.example; spf=pass smtp.mailfrom=bank.example; dmarc=pass",
        "Received": "from bank.example by mx.example.com with LMTP id 1; Sat, 21 Nov 2026 09:00:00 +0000",
    }
    deliver(postfix, sender=f"Certificates <{SENDER}>", recipient=reader.address, headers={"Message-ID": "<1@a>"})
    deliver(postfix, sender=SENDER, recipient=junk, subject="=?utf-8?q?Gr=C3=BC=C3=9Fe?=")
    deliver(postfix, sender="forger@elsewhere.example", recipient=reader.address, headers=forged)
    wanted = [
        {"name": "usual", "message_id": "1@a", "from": SENDER, "to": reader.address},
        {"name": "spam", "from": SENDER, "subject": "grüße"},
        {"name": "forged", "from": "forger@elsewhere.example"},
    ]
    run = playbook.run(
        [
            Task("look", MODULE, {**mailbox, "messages": wanted}),
            Task("not there", MODULE, {**mailbox, "wait": 0, "messages": [{"message_id": "2@a"}]}),
            Task("later", MODULE, {**mailbox, "wait": 0, "since": "2100-01-01", "messages": wanted}),
        ],
        variables={"imap_password": reader.password},
        spec=spec,
    )
    returned = run.succeeded("look").returned
    assert returned["changed"] is False
    usual, spam, forged_one = returned["email_deliveries"]
    assert [(one["name"], one["status"], one["folder"]) for one in (usual, spam, forged_one)] == [
        ("usual", "found", "INBOX"),
        ("spam", "found_in_spam", "Junk"),
        ("forged", "found", "INBOX"),
    ]
    assert (usual["message_id"], spam["subject"]) == ("1@a", "Grüße")
    assert [(hop["from"], hop["by"], hop["with"], hop["encrypted"]) for hop in usual["path"]] == [
        ("stranger.example", "mx.example.com", "ESMTP", False),
        ("submission.example.com", "mailboxes.example.com", "LMTP", None),
    ]
    assert usual["tls"] is False
    assert usual["dmarc"] == {"result": "pass", "reason": "", "domain": "example.com"}
    assert (forged_one["spf"]["result"], forged_one["dmarc"]["result"]) == ("fail", "fail")
    assert (forged_one["authserv_id"], forged_one["authserv_ids_ignored"]) == ("mx.example.com", ["elsewhere.example"])
    assert [entry["folder"] for entry in returned["position"]] == ["INBOX", "Junk"]
    assert run.succeeded("not there").returned["email_deliveries"][0]["status"] == "not_found"
    assert {one["status"] for one in run.succeeded("later").returned["email_deliveries"]} == {"not_found"}
    # Nobody can see that somebody looked.
    assert _flags(inside) == {1: (), 2: ()}
    assert _flags(inside, "Junk") == {1: ()}


@contextmanager
def arriving_at_login(postfix: Postfix, dovecot: Dovecot, reader: User, number: int) -> Iterator[None]:
    """Have a message for the reader arrive once somebody has logged in for the ``number``th time in this block."""
    before, over = logins(dovecot, reader), threading.Event()

    def wait_and_deliver() -> None:
        while logins(dovecot, reader) < before + number:
            if over.wait(0.05):
                return
        deliver(postfix, sender=SENDER, recipient=reader.address)

    thread = threading.Thread(target=wait_and_deliver)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_a_message_that_comes_while_it_waits(
    playbook: Playbook, postfix: Postfix, dovecot: Dovecot, mailbox: Document, reader: User
) -> None:
    """Also one that looks just like another that is there already."""
    deliver(postfix, sender=SENDER, recipient=reader.address)
    wanted = {"messages": [{"from": SENDER}], "wait": 60}
    with arriving_at_login(postfix, dovecot, reader, 2):
        run = playbook.run(
            [
                Task("before", MODULE, {**mailbox, **wanted}, keywords={"register": "before"}),
                Task("wait", MODULE, {**mailbox, **wanted, "after": "{{ before.position }}"}),
            ],
            variables={"imap_password": reader.password},
        )
    (before,) = run.succeeded("before").returned["email_deliveries"]
    (after,) = run.succeeded("wait").returned["email_deliveries"]
    assert (before["uid"], after["uid"]) == (1, 2)


@either_way
def test_marking_and_deleting(
    playbook: Playbook, postfix: Postfix, mailbox: Document, reader: User, inside: IMAPClient, spec: ModuleSpec
) -> None:
    """Only what was found; a message that its owner has marked as deleted stays as it is."""
    for subject in ("One", "Two", "Three"):
        deliver(postfix, sender=SENDER, recipient=reader.address, subject=subject)
    until(lambda: len(_flags(inside)) == 3)
    inside.select_folder("INBOX")
    (owners,) = inside.search(["SUBJECT", "Two"])
    inside.delete_messages([owners])
    seen = {**mailbox, "messages": [{"from": SENDER, "subject": "One"}], "afterwards": "mark_seen"}
    deleted = {**seen, "afterwards": "delete"}
    variables = {"imap_password": reader.password}
    in_check_mode = playbook.run(
        [Task("see", MODULE, seen, check=True), Task("delete", MODULE, deleted, check=True)],
        variables=variables,
        spec=spec,
    )
    assert [in_check_mode.succeeded(name).returned["changed"] for name in ("see", "delete")] == [True, True]
    assert sorted(_flags(inside).values()) == [(), (), (rb"\Deleted",)]
    marked = playbook.run([Task("see", MODULE, seen), Task("again", MODULE, seen)], variables=variables, spec=spec)
    assert [marked.succeeded(name).returned["changed"] for name in ("see", "again")] == [True, False]
    assert sorted(_flags(inside).values()) == [(), (rb"\Deleted",), (rb"\Seen",)]
    gone = playbook.run([Task("delete", MODULE, deleted)], variables=variables, spec=spec)
    assert gone.succeeded("delete").returned["changed"] is True
    assert sorted(_flags(inside).values()) == [(), (rb"\Deleted",)]


def test_failures_in_words(playbook: Playbook, dovecot: Dovecot, mailbox: Document, reader: User) -> None:
    """The same words on both ways, and no password in them."""
    clear = {"port": dovecot.imap}
    failures: dict[str, tuple[Document, str, list[str]]] = {
        "password": (
            {"password": "{{ imap_password }}x"},
            "credentials",
            ["log in", "AUTHENTICATIONFAILED", reader.address],
        ),
        "nobody listens": ({"port": 1}, "connection", ["localhost:1", "Connection refused", "Check host and port"]),
        "no such host": ({"host": "imap.invalid"}, "connection", ["imap.invalid", "no address", "Check host"]),
        "authority": ({"ca_path": None}, "connection", ["certificate is not accepted", "issuer", "ca_path"]),
        "name": ({"host": "127.0.0.1"}, "connection", ["certificate is not accepted", "127.0.0.1"]),
        "TLS too early": (
            clear,
            "connection",
            ["begins in clear, and not with TLS", "* OK ", "set encryption to starttls"],
        ),
        "TLS too late": ({"encryption": "starttls", "timeout": 2}, "connection", ["no answer within 2 s", "to tls"]),
        "no STARTTLS": (
            {**clear, "encryption": "starttls", "host": WITHOUT_TLS},
            "connection",
            ["does not offer STARTTLS", "Nobody has logged in"],
        ),
        "folder": ({"spam_folders": ["Spam"]}, "input", ["spam_folders: there is no folder 'Spam'", "INBOX, Junk"]),
        "input": (
            {
                "port": 0,
                "since": "yesterday",
                "messages": [{"to": "me"}, {"name": "x"}],
                "wait": -1,
                "password": "{{ imap_password }}\n",
            },
            "input",
            [
                "6 problems",
                "port:",
                "since:",
                "wait:",
                "password: must be one line",
                "messages[0].to",
                "messages[1]: give",
            ],
        ),
        "options": ({"encryption": "ssl", "colour": "red", "password": ["{{ imap_password }}"]}, "input", ["colour"]),
    }
    tasks = [Task(name, MODULE, {**mailbox, "wait": 0, **wrong}) for name, (wrong, *_rest) in failures.items()]
    runs = _on_both_ways(playbook, reader, tasks)
    for name, (_wrong, kind, words) in failures.items():
        returned = [run.failed(name).returned for run in runs]
        assert returned[0] == returned[1]
        assert returned[0]["failure"]["kind"] == kind
        assert [word for word in words if word not in returned[0]["msg"]] == []
    assert [_leaks(run, reader) for run in runs] == [[], []]


def test_leaks(playbook: Playbook, postfix: Postfix, mailbox: Document, reader: User) -> None:
    """None where everything works, and the same result on both ways."""
    deliver(postfix, sender=SENDER, recipient=reader.address)
    tasks = [
        Task("look", MODULE, {**mailbox, "messages": [{"from": SENDER}]}),
        Task("nothing", MODULE, {**mailbox, "messages": [{"from": "no@one.example"}], "wait": 0.5}),
        Task("note", MODULE, mailbox),
    ]
    runs = _on_both_ways(playbook, reader, tasks)
    for task in tasks:
        assert runs[0].succeeded(task.name).returned == runs[1].succeeded(task.name).returned
    assert [_leaks(run, reader) for run in runs] == [[], []]


def _on_both_ways(playbook: Playbook, reader: User, tasks: list[Task]) -> list[Run]:
    """Run tasks as talkative as can be: by the action plugin, and by the module."""
    return [
        playbook.run(
            tasks,
            variables={"imap_password": reader.password},
            environment={"ANSIBLE_INJECT_INVOCATION": "true", "ANSIBLE_LOG_PATH": "ansible.log"},
            options=["-vvvv"],
            spec=spec,
        )
        for spec in WAYS
    ]


def _leaks(run: Run, reader: User) -> list[str]:
    """Where a run left the password."""
    files = [file for file in run.directory.rglob("*") if file.is_file() and file.name != "variables.json"]
    found = [str(file) for file in files if reader.password.encode() in file.read_bytes()]
    return found + (["output"] if reader.password in run.output else [])


def test_examples(playbook: Playbook, postfix: Postfix, mailbox: Document, dovecot: Dovecot, reader: User) -> None:
    """As they stand, with this mailbox in place of theirs, and a message for the second to wait for."""
    substitutes: dict[Any, Any] = {
        "imap.example.com": "localhost",
        "postmaster@example.com": reader.address,
        "certs@example.com": SENDER,
        143: dovecot.imap,
    }
    tasks = []
    for example in examples(MODULE):
        name, arguments = example.pop("name"), example.pop(f"{COLLECTION}.{MODULE}")
        given = {"port": dovecot.imaps, "ca_path": mailbox["ca_path"], **_replaced(arguments, substitutes)}
        tasks.append(Task(name, MODULE, given, keywords=example))

    with arriving_at_login(postfix, dovecot, reader, 2):
        run = playbook.run(tasks, variables={"imap_password": reader.password})
    statuses = [[one["status"] for one in run.succeeded(task.name).returned["email_deliveries"]] for task in tasks]
    assert statuses == [[], ["found"], ["not_found"]]
    assert run[tasks[1].name].returned["changed"] is True


def _replaced(value: Any, substitutes: dict[Any, Any]) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(entry, substitutes) for name, entry in value.items()}
    if isinstance(value, list):
        return [_replaced(entry, substitutes) for entry in value]
    return substitutes.get(value, value)
