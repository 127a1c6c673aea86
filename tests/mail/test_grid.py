# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way to send through a real mail server, good and bad, on both products: what the playbook's result says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.integration.playbook import Document, Playbook, Task
from tests.mail.arrivals import arrival_of
from tests.mail.cases import Case, Refusal
from tests.mail.postfix import ENCRYPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mail.certificates import Certificate
    from tests.mail.conftest import User
    from tests.mail.dovecot import Dovecot
    from tests.mail.postfix import Encryption, Postfix, Variant
    from tests.sandbox.client import Sandbox

WRONG = "wr0ng-passw0rd"
# The mail server asks for an owner's login where mail is from one of its users.
ANYBODY = "anybody@example.com"
PROTOCOL = {"none": "ESMTP", "starttls": "ESMTPS", "tls": "ESMTPS"}
LOGIN_REFUSED = Refusal("login", "login_refused", 535, "5.7.8")
SENDER_REFUSED = Refusal("sender", "sender_refused", 553, "5.7.1")
NO_SUCH_MECHANISM = Refusal("login", "mechanism_not_offered", 535, "5.7.8")
OFFERED_INSTEAD: dict[str, Variant] = {"plain": "cram_md5_only", "login": "plain_only", "cram-md5": "plain_only"}
CERTIFICATES: dict[Certificate, str] = {
    "expired": "certificate_expired",
    "other_name": "certificate_of_another_name",
    "self_signed": "certificate_self_signed",
    "unknown_authority": "certificate_of_unknown_authority",
}


def _logins(encryption: Encryption) -> Iterator[tuple[str, Case]]:
    for mechanism, offered in OFFERED_INSTEAD.items():
        yield f"with {mechanism}", Case(encryption, mechanism=mechanism)
        yield f"with {mechanism} and a wrong password", Case(encryption, LOGIN_REFUSED, mechanism, password=WRONG)
        yield f"with {mechanism}, not offered", Case(encryption, NO_SUCH_MECHANISM, mechanism, variant=offered)
    yield "without a login", Case(encryption, login=False, sender=ANYBODY)
    unasked = Refusal("login", "login_not_offered", 503, "5.5.1")
    yield "with a login that is not offered", Case(encryption, unasked, variant="no_login")
    missing = Refusal("connection", "client_refused", 554, "5.7.1")
    yield "without the login that is wanted", Case(encryption, missing, login=False, variant="login_required")


def _refusals(encryption: Encryption) -> Iterator[tuple[str, Case]]:
    down, unknown_host = Refusal("connection", "connection_refused"), Refusal("connection", "host_unknown")
    yield "to a server that is down", Case(encryption, down, port=1)
    yield "to a host that is not there", Case(encryption, unknown_host, host="mail.invalid")
    yield "as a barred sender", Case(encryption, SENDER_REFUSED, login=False, sender="barred@example.com")
    owned = Refusal("login", "login_required", 553, "5.7.1")
    yield "without the sender's login", Case(encryption, owned, login=False, sender="owner@example.com")
    for to_email, refusal in {
        "unknown@example.com": Refusal("recipient", "recipient_unknown", 550, "5.1.1"),
        "later@example.com": Refusal("recipient", "greylisted", 450, "4.2.0"),
        "full@example.com": Refusal("recipient", "mailbox_full", 552, "5.2.2"),
    }.items():
        yield f"to {to_email}", Case(encryption, refusal, to_email=to_email)
    relaying = Refusal("recipient", "relaying_refused", 554, "5.7.1")
    elsewhere = "somebody@elsewhere.example"
    yield "to elsewhere", Case(encryption, relaying, login=False, sender=ANYBODY, to_email=elsewhere)
    yield "too large", Case(encryption, Refusal("message", "message_too_large", 552, "5.3.4"), variant="tiny")


def _certificates() -> Iterator[tuple[str, Case]]:
    for encryption, (kind, cause) in product(ENCRYPTIONS[1:], CERTIFICATES.items()):
        refusal = Refusal("encryption", cause)
        yield f"{encryption}: certificate {kind}", Case(encryption, refusal, certificate=kind)


def _mistakes() -> Iterator[tuple[str, Case]]:
    yield "TLS at a port with STARTTLS", Case("tls", Refusal("encryption", "no_tls_at_port"), spoken="starttls")
    yield "STARTTLS at a port without", Case("starttls", Refusal("encryption", "starttls_not_offered"), spoken="none")
    too_early = Refusal("login", "login_not_offered", 503, "5.5.1")
    yield "a login in clear at a port with STARTTLS", Case("none", too_early, spoken="starttls")


CASES = {
    f"{encryption}: {title}": case
    for encryption in ENCRYPTIONS
    for title, case in (*_logins(encryption), *_refusals(encryption))
} | dict((*_certificates(), *_mistakes()))
# What an account cannot say: not to verify a certificate, and to log in as one user and send as another.
WEBITEL_ALONE = {
    f"{encryption}: as another user": Case(encryption, SENDER_REFUSED, sender="owner@example.com")
    for encryption in ENCRYPTIONS
} | {
    f"{encryption}: certificate {kind}, not verified": Case(encryption, certificate=kind, verify=False)
    for encryption, kind in product(ENCRYPTIONS[1:], CERTIFICATES)
}
ALL = {"itflex": CASES, "webitel": CASES | WEBITEL_ALONE}


class Grid:
    """All cases, tried in one playbook for each product."""

    def __init__(self, playbooks: dict[str, Playbook], postfix: Postfix, user: User) -> None:
        """Try them now, both products at once: most of the time is spent waiting, for refusals above all."""
        self._postfix, self._user = postfix, user
        tasks = {
            "itflex": self._accounts(playbooks["itflex"].sandbox),
            "webitel": self._settings(playbooks["webitel"].sandbox),
        }
        with ThreadPoolExecutor() as pool:
            running = {name: pool.submit(playbooks[name].run, [task]) for name, task in tasks.items()}
            self.runs = {name: future.result() for name, future in running.items()}
        self._results: dict[tuple[str, str], Document] = {
            (name, title): result
            for name, run in self.runs.items()
            for title, result in zip(ALL[name], run["send"].returned["results"], strict=True)
        }

    def result(self, product_name: str, title: str) -> Document:
        """What the task returned for one case."""
        return self._results[product_name, title]

    def _accounts(self, sandbox: Sandbox) -> Task:
        records = [case.account(self._postfix, self._user) for case in CASES.values()]
        ids = sandbox.add_accounts([{"name": str(index), **one} for index, one in enumerate(records)])
        items = [{"id": one, "to_email": to_email} for one, to_email in zip(ids, _addresses("itflex"), strict=True)]
        arguments = {"id": "{{ item.id }}", "to_email": "{{ item.to_email }}"}
        return Task("send", "email_account_test", arguments, keywords={"loop": items})

    def _settings(self, sandbox: Sandbox) -> Task:
        domains = [f"case{index}.example.com" for index in range(len(ALL["webitel"]))]
        for domain, case in zip(domains, ALL["webitel"].values(), strict=True):
            sandbox.put_settings(domain, case.settings(self._postfix, self._user))
        pairs = zip(domains, _addresses("webitel"), strict=True)
        items = [{"domain": domain, "to_email": to_email} for domain, to_email in pairs]
        arguments = {"domain": "{{ item.domain }}", "to_email": "{{ item.to_email }}"}
        return Task("send", "email_settings_test", arguments, keywords={"loop": items})


def _addresses(product_name: str) -> list[str]:
    """Where the cases send: an address of its own for each, in one mailbox."""
    cases = ALL[product_name].values()
    return [case.to_email or f"inbox+{product_name}{index}@example.com" for index, case in enumerate(cases)]


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory, running: Sandbox, postfix: Postfix, sender: User) -> Grid:
    """The results of all cases."""
    running.reset()
    playbooks = {name: Playbook(tmp_path_factory.mktemp(name), running) for name in ALL}
    return Grid(playbooks, postfix, sender)


@pytest.mark.parametrize(("product_name", "title"), [(name, title) for name, cases in ALL.items() for title in cases])
def test_what_the_result_says(grid: Grid, product_name: str, title: str, postfix: Postfix, dovecot: Dovecot) -> None:
    case, result = ALL[product_name][title], grid.result(product_name, title)
    if case.refusal is None:
        assert ("failure" in result, result["sent"]) == (False, True), result["msg"]
        seen = arrival_of(result["to_email"], postfix, dovecot)
        assert seen.protocol == PROTOCOL[case.encryption] + ("A" if case.login else "")
        assert (seen.mechanism or "").lower() == ((case.mechanism or "plain") if case.login else "")
        assert seen.sender == f"<{result['from']}>"
        return
    assert ("failure" in result, result["sent"]) == (True, False), result
    smtp = result["failure"]["smtp"]
    assert Refusal(smtp["stage"], smtp["cause"], smtp["code"], smtp["enhanced_code"]) == case.refusal
    assert result["msg"].endswith(smtp["advice"])
    codes = f"({case.refusal.code} {case.refusal.enhanced_code})"
    assert (codes in smtp["advice"]) == (case.refusal.code is not None)


# For each kind of refusal, what an administrator finds named: what to change, in the words of the product.
NAMED = {
    "tls: with plain and a wrong password": ("email and password", "options.auth.user and options.auth.pass"),
    "tls: with plain, not offered": ("smtp_auth_mechanism", "authMethod in options.extra"),
    "tls: without the login that is wanted": ("has_auth and password", "options.auth"),
    "tls: to a server that is down": ("smtp_server and smtp_port", "options.host and options.port"),
    "tls: as a barred sender": ("Check email", "Check from"),
    "tls: without the sender's login": ("Give has_auth and password", "Give options.auth"),
    "tls: to unknown@example.com": ("to_email", "to_email"),
    "tls: to later@example.com": ("try again later", "try again later"),
    "tls: too large": ("size limit", "size limit"),
    "tls: certificate expired": ("an account has no field that", "options.tls.reject_unauthorized"),
    "tls: certificate other_name": ("smtp_server", "options.host"),
    "TLS at a port with STARTTLS": ("smtp_crypt to starttls", "options.secure to false"),
    "a login in clear at a port with STARTTLS": ("smtp_port and smtp_crypt", "options.port and options.secure"),
}


@pytest.mark.parametrize("title", NAMED)
def test_what_is_to_be_changed(grid: Grid, title: str) -> None:
    for product_name, words in zip(("itflex", "webitel"), NAMED[title], strict=True):
        assert words in grid.result(product_name, title)["failure"]["smtp"]["advice"]


def test_no_password_is_reported(grid: Grid, sender: User) -> None:
    for run in grid.runs.values():
        assert "was not sent through" in run.output
        assert WRONG not in run.output
        assert sender.password not in run.output
