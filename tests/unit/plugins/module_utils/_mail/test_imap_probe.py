# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A look at an IMAP server that takes nearly all of its time for every step."""

from __future__ import annotations

import time
from unittest import mock

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import Secret
from ansible_collections.mailfleet.email.plugins.module_utils._mail.imap import Mailbox, opened
from ansible_collections.mailfleet.email.plugins.module_utils._mail.imap_account import Account
from ansible_collections.mailfleet.email.plugins.module_utils._mail.imap_probe import look_at_imap
from tests.unit.plugins.module_utils._mail.imap_server import USUAL, imap_server

TIMEOUT = 1.0
# Of each answer, a byte comes every four milliseconds.
DRIP, SLOWLY = 0.004, f"* OK {'x' * 150}"


def test_the_whole_look_ends_within_the_time_of_five_steps() -> None:
    answers = {verb: f"{SLOWLY}\r\n{answer}" for verb, answer in {**USUAL, "LOGOUT": "* BYE bye"}.items()}
    with imap_server({**answers, "AUTHENTICATE": SLOWLY}, drip=DRIP) as server:
        account = Account("127.0.0.1", server.port, "none", "u", Secret("p"), True, None, TIMEOUT)
        begun = time.monotonic()
        found = look_at_imap(account, "INBOX", log_in=True)
        assert time.monotonic() - begun < 6.5 * TIMEOUT
    assert found.failure is not None
    assert "no answer within" in found.failure.reason


class _TimeIsUp(BaseException):
    """What ends a task in the middle of a step, whoever raises it."""


def test_no_leave_is_taken_when_the_time_of_the_task_is_over() -> None:
    with imap_server() as server:
        account = Account("127.0.0.1", server.port, "none", "u", Secret("p"), True, None, 30.0)
        over = mock.patch.object(Mailbox, "_step", side_effect=_TimeIsUp)
        with over as step, pytest.raises(_TimeIsUp), opened(account) as mailbox:
            mailbox.folders()
    assert step.call_count == 1
    assert "LOGOUT" not in server.commands
