# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""iTFLEX access tokens that end in the middle of a run, and the refresh token that gets the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.integration.playbook import Task
from tests.integration.records import account

if TYPE_CHECKING:
    from tests.integration.playbook import Document, Playbook

LIST, REFRESH = "GET /api/email/accounts", "POST /api/v1/oauth2/token"
UPDATE, CREATE = "PUT /api/email/accounts/1", "POST /api/email/accounts"


def _defaults(playbook: Playbook, *names: str) -> dict[str, Document]:
    group = "group/mailfleet.email.itflex"
    ready = playbook.sandbox.ready["itflex"]
    return {group: {**playbook.addresses[group], **{name: ready[name] for name in names}}}


def test_token_is_fetched(playbook: Playbook) -> None:
    """Where none is given, and where the one that is given is not accepted any more."""
    playbook.sandbox.expire_tokens()
    old = {"access_token": playbook.sandbox.ready["itflex"]["access_token"]}
    run = playbook.run(
        [
            Task("refresh token alone", "email_account", account()),
            Task("expired", "email_account", {**account(), "smtp_port": 587, **old}),
        ],
        defaults=_defaults(playbook, "refresh_token"),
    )
    assert run.succeeded("refresh token alone").calls == [REFRESH, LIST, CREATE]
    assert run.succeeded("expired").calls == [LIST, REFRESH, LIST, UPDATE]


def test_token_ends_before_the_write(playbook: Playbook) -> None:
    """Exactly one token is fetched, with the refresh token of the last refresh, and the write is done once."""
    playbook.sandbox.traps(itflex_rotate_refresh="on")
    playbook.sandbox.add_accounts([account()])
    playbook.sandbox.fault("/api/email", method="PUT", status=401)
    run = playbook.run(
        [Task("change", "email_account", {"name": "Certificates", "smtp_port": 587})],
        defaults=_defaults(playbook, "refresh_token"),
    )
    assert run.succeeded("change").calls == [REFRESH, LIST, UPDATE, REFRESH, UPDATE]
    assert playbook.sandbox.accounts()[0]["smtp_port"] == 587


def test_no_token_helps(playbook: Playbook) -> None:
    """A token that is worth nothing at once, and a refresh token that fetches none: an error, not a loop."""
    playbook.sandbox.traps(itflex_token_seconds=0)
    playbook.sandbox.expire_tokens()
    run = playbook.run(
        [
            Task("fetched in vain", "email_account_info"),
            Task("not accepted", "email_account_info", {"refresh_token": "not-good"}),
        ],
        defaults=_defaults(playbook, "access_token", "refresh_token"),
    )
    assert run.failed("fetched in vain").calls == [LIST, REFRESH, LIST]
    assert run.failed("not accepted").calls == [LIST, REFRESH]
    for outcome in run.outcomes.values():
        assert outcome.returned["failure"]["kind"] == "credentials"
        assert outcome.returned["failure"]["status"] == 401
    assert "refresh token" in run["not accepted"].returned["msg"]


def test_no_refresh_token(playbook: Playbook) -> None:
    playbook.sandbox.expire_tokens()
    run = playbook.run([Task("read", "email_account_info")], defaults=_defaults(playbook, "access_token"))
    assert run.failed("read").calls == [LIST]
    assert run["read"].returned["failure"]["kind"] == "credentials"


def test_other_address_of_the_token_shop(playbook: Playbook) -> None:
    playbook.sandbox.fault("/api/v1/oauth2", status=404, body='{"errors": []}', times=10)
    run = playbook.run([Task("read", "email_account_info")], defaults=_defaults(playbook, "refresh_token"))
    assert run.succeeded("read").calls == [REFRESH, "POST /api/oauth2/token", LIST]
