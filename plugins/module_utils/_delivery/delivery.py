# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `email_delivery_info` does: look into a mailbox until the messages are there, or the time is over."""

from __future__ import annotations

import time
import typing as t
from datetime import datetime, timezone

from .._engine.schema import InputError, Problem
from .._engine.shown import may_hold_password
from .._http.errors import quote, some_of
from .._mail.folder_names import same
from .._mail.imap import Mailbox, Message, Opened, opened
from .._mail.imap_account import PORTS, Account
from .._mail.imap_step import MailboxError
from .._mail.mail_address import comparable, spellings
from .._resource.base import Context, TaskFailed
from .._resource.interface import Params
from .._resource.mail_server import quote_answer
from .input import day_before, moment
from .match import Found, Place, Wanted, assigned
from .report import delivery

Position = dict[str, Opened]


def subject(params: Params) -> str:
    """What `email_delivery_info` is about."""
    if params.get("username") and params.get("host") and not may_hold_password(params["host"]):
        return f"mailbox of {quote(params['username'])} on {quote(params['host'])}"
    return "email_delivery_info"


def look(params: Params, context: Context) -> dict[str, t.Any]:
    """`email_delivery_info`: look for messages in a mailbox. Returns the result."""
    try:
        with opened(_account(params)) as mailbox:
            return _Search(mailbox, params, context).result()
    except MailboxError as exc:
        raise _failure(exc, params) from None


def _account(params: Params) -> Account:
    return Account(
        host=params["host"].strip("[]"),
        port=params["port"] or PORTS[params["encryption"]],
        encryption=params["encryption"],
        username=params["username"],
        password=params["password"],
        validate_certs=params["validate_certs"],
        ca_path=params["ca_path"],
        timeout=params["timeout"],
    )


def _failure(error: MailboxError, params: Params) -> TaskFailed:
    account = _account(params)
    server = f"{account.host}:{account.port}, {account.encryption}"
    words = f": {quote_answer(error.words, account.username, account.password)}" if error.words else ""
    advice = f". {error.advice}" if error.advice else ""
    message = f"{subject(params)}: could not {error.step} ({server}): {(error.reason + words).rstrip('.')}{advice}"
    return TaskFailed(message, {}, {"kind": error.kind, "server": server, "step": error.step})


class _Search:
    """One task's search: the folders, what was seen in them, and what is looked for."""

    def __init__(self, mailbox: Mailbox, params: Params, context: Context) -> None:
        self._mailbox = mailbox
        self._params = params
        self._context = context
        self._wanted = [_wanted(entry) for entry in params["messages"]]
        self._after = {entry["folder"]: Opened(entry["uidvalidity"], entry["next_uid"]) for entry in params["after"]}
        self._since = moment(params["since"]) if params["since"] else None
        self._seen: dict[tuple[str, int, int], Message] = {}
        self._position: Position = {}

    def result(self) -> dict[str, t.Any]:
        """Look until everything is there or the time is over, and do afterwards what is wanted."""
        found = self._look_in_time()
        if self._context.check_mode and None in found:
            self._context.warn(_not_awaited(self._params, found))
        changed = self._afterwards([one for one in found if one is not None])
        names = [entry["name"] for entry in self._params["messages"]]
        return {
            "changed": changed,
            "email_deliveries": [delivery(name, one, self._params["authserv_id"]) for name, one in zip(names, found)],
            "position": [
                {"folder": folder, "uidvalidity": state.uidvalidity, "next_uid": state.next_uid}
                for folder, state in self._position.items()
            ],
        }

    def _places(self) -> list[Place]:
        """The folders to look into, in their order. Raises `InputError` where one that was named is not there."""
        there = self._mailbox.folders()
        names = {same(folder.name): folder.name for folder in there}
        problems = [
            Problem(option, f"there is no folder {name!r}; these are: {some_of(sorted(names.values()))}")
            for option in ("folders", "spam_folders")
            for name in self._params[option] or []
            if same(name) not in names
        ]
        if problems:
            raise InputError(subject(self._params), problems)
        usual = [names[same(name)] for name in self._params["folders"]]
        named = self._params["spam_folders"]
        spam = (
            [folder.name for folder in there if folder.is_junk]
            if named is None
            else [names[same(name)] for name in named]
        )
        places = {name: Place(name, is_spam=False) for name in usual}
        places.update({name: Place(name, is_spam=True) for name in spam})
        return list(places.values())

    def _look_in_time(self) -> list[Found | None]:
        # In check mode nothing is sent, so nobody waits for what another task would have sent.
        deadline = time.monotonic() + (0 if self._context.check_mode else self._params["wait"])
        # The last look begins by the deadline, and may take as long as one step.
        self._mailbox.be_done_by(deadline + self._params["timeout"])
        while True:
            # The folders each time anew: some servers make the one for spam when the first comes.
            found = assigned(self._wanted, [one for place in self._places() for one in self._look_into(place)])
            left = deadline - time.monotonic()
            if None not in found or left <= 0:
                self._mailbox.be_done_by(None)
                return found
            time.sleep(min(self._params["interval"], left))

    def _look_into(self, place: Place) -> list[Found]:
        """All messages of a folder that may be one of those looked for. Headers are read once."""
        state = self._mailbox.open(place.name)
        self._position[place.name] = state
        if not self._wanted:
            return []
        uids = sorted({uid for criteria in self._criteria(place.name, state) for uid in self._mailbox.search(criteria)})
        keys = [(place.name, state.uidvalidity, uid) for uid in uids]
        new = [uid for key, uid in zip(keys, uids) if key not in self._seen]
        for message in self._mailbox.read(new):
            self._seen[(place.name, state.uidvalidity, message.uid)] = message
        return [
            Found(place, state.uidvalidity, self._seen[key])
            for key in keys
            if key in self._seen and self._is_recent(place.name, state, self._seen[key])
        ]

    def _criteria(self, folder: str, state: Opened) -> list[list[t.Any]]:
        """What to ask the server for: not more than can hold a wanted message, the exact judgement comes later."""
        first = self._first_uid(folder, state)
        if first is not None:
            return [["UID", f"{first}:*"]]
        if self._since is not None:
            return [["SINCE", day_before(self._since)]]
        return [criteria for wanted in self._wanted for criteria in _criteria_of(wanted)]

    def _first_uid(self, folder: str, state: Opened) -> int | None:
        """The first number that is new since `after`, `None` where that does not tell."""
        if not self._after:
            return None
        before = self._after.get(folder)
        return before.next_uid if before is not None and before.uidvalidity == state.uidvalidity else 1

    def _is_recent(self, folder: str, state: Opened, message: Message) -> bool:
        first = self._first_uid(folder, state)
        # A range up to the last message finds that one also where it is older.
        if first is not None and message.uid < first:
            return False
        return self._since is None or (message.arrived or datetime.now(timezone.utc)) >= self._since

    def _afterwards(self, found: t.Sequence[Found]) -> bool:
        """Mark or delete what was found, if that is wanted. Returns whether it changed something, or would have."""
        act = self._params["afterwards"]
        chosen = [one for one in found if _is_left_to_do(act, one.message)]
        if self._context.check_mode:
            return bool(chosen)
        changed = False
        for place in dict.fromkeys(one.place for one in chosen):
            state = self._mailbox.open(place.name, to_write=True)
            uids = [one.message.uid for one in chosen if one.place == place and one.uidvalidity == state.uidvalidity]
            if not uids:
                continue
            changed = True
            if act == "mark_seen":
                self._mailbox.mark_seen(uids)
            elif not self._mailbox.delete(uids):
                self._context.warn(
                    f"{subject(self._params)}: the messages in {place.name} are marked as deleted and still there, "
                    "since the server cannot remove single ones (it lacks UIDPLUS)"
                )
        return changed


def _not_awaited(params: Params, found: t.Sequence[Found | None]) -> str:
    """The warning of check mode about messages that are not there."""
    messages = enumerate(params["messages"])
    named = (quote(entry["name"]) if entry["name"] else f"messages[{index}]" for index, entry in messages)
    missing = ", ".join(name for name, one in zip(named, found) if one is None)
    what = "the module looked once and did not wait, since what a task before this one would send was not sent"
    return f"{subject(params)}: check mode: not there: {missing}; {what}"


def _is_left_to_do(act: str, message: Message) -> bool:
    """Whether `afterwards` changes a message. One that is marked as deleted already is as good as gone."""
    return (act == "delete" and not message.deleted) or (act == "mark_seen" and not message.seen)


def _criteria_of(wanted: Wanted) -> list[list[t.Any]]:
    if wanted.sender is None:
        return [["HEADER", "Message-ID", wanted.message_id]]
    return [["FROM", sender] for sender in spellings(wanted.sender)]


def _wanted(entry: Params) -> Wanted:
    def address(name: str) -> str | None:
        return comparable(entry[name]) if entry[name] is not None else None

    subject = entry["subject"].lower() if entry["subject"] is not None else None
    identity = entry["message_id"].strip().strip("<>") if entry["message_id"] is not None else None
    return Wanted(entry["name"], address("from"), address("to"), subject, identity, entry["queue_id"])
