# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way to send through a real mail server, good and bad, and what the playbook's result says of it."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from tests.mail.cases import Case, Refusal
from tests.mail.daemon import free_ports
from tests.mail.postfix import ENCRYPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.playbook import Playbook, Run
    from tests.mail.cases import Product
    from tests.mail.conftest import User
    from tests.mail.postfix import Postfix

MECHANISMS = ("plain", "login", "cram-md5")
BAD_CERTIFICATES = {
    "expired": "certificate_expired",
    "other_name": "certificate_of_another_name",
    "self_signed": "certificate_self_signed",
}


def _cases() -> Iterator[Case]:
    for encryption in ENCRYPTIONS:
        for mechanism in MECHANISMS:
            name = f"{encryption} {mechanism}"
            refused = Refusal("login", "login_refused", 535, "5.7.8")
            yield Case(name, encryption, mechanism=mechanism)
            yield Case(f"{name} bad password", encryption, refused, mechanism=mechanism, password="wr0ng-one")
            offered = "cram_md5_only" if mechanism == "plain" else "plain_only"
            not_offered = Refusal("login", "mechanism_not_offered", 535, "5.7.8")
            yield Case(f"{name} not offered", encryption, not_offered, mechanism=mechanism, variant=offered)
        yield Case(f"{encryption} no login", encryption, login=False)
        yield Case(f"{encryption} login wanted", encryption, Refusal("connection", "client_refused", 554, "5.7.1"), login=False, variant="login_required")
        yield Case(f"{encryption} login not offered", encryption, Refusal("login", "login_not_offered", 503, "5.5.1"), variant="no_login")
        yield Case(f"{encryption} unknown recipient", encryption, Refusal("recipient", "recipient_unknown", 550, "5.1.1"), to_email="unknown@example.com")
        yield Case(f"{encryption} greylisted", encryption, Refusal("recipient", "recipient_refused", 450, "4.2.0"), to_email="later@example.com")
        yield Case(f"{encryption} full mailbox", encryption, Refusal("recipient", "mailbox_full", 552, "5.2.2"), to_email="full@example.com")
        yield Case(f"{encryption} foreign", encryption, Refusal("recipient", "relaying_refused", 554, "5.7.1"), to_email="a@elsewhere.example")
        yield Case(f"{encryption} sender", encryption, Refusal("sender", "sender_refused", 553, "5.7.1"), sender="owner@example.com", login=False)
        yield Case(f"{encryption} too large", encryption, Refusal("message", "message_too_large", 552, "5.3.4"), variant="tiny")
        yield Case(f"{encryption} down", encryption, Refusal("connection", "connection_refused"), port=1)
        yield Case(f"{encryption} no such host", encryption, Refusal("connection", "host_unknown"), host="mail.invalid")
    for encryption, certificate in product(ENCRYPTIONS[1:], BAD_CERTIFICATES):
        yield Case(f"{encryption} {certificate}", encryption, Refusal("encryption", BAD_CERTIFICATES[certificate]), certificate=certificate)
        yield Case(f"{encryption} {certificate} unverified", encryption, certificate=certificate, verify=False, products=("webitel",))
    yield Case("TLS on a STARTTLS port", "tls", Refusal("encryption", "no_tls_at_port"), spoken="starttls")
    yield Case("STARTTLS on a plain port", "starttls", Refusal("encryption", "starttls_not_offered"), spoken="none")
    yield Case("clear on a STARTTLS port", "none", Refusal("login", "encryption_required"), spoken="starttls")


CASES = list(_cases())


def test_x(playbook: Playbook, postfix: Postfix, sender: User, inbox: User) -> None:
    import time
    for prod in ("webitel", "itflex"):
        tasks = []
        cases = [c for c in CASES if prod in c.products]
        for n, case in enumerate(cases):
            if prod == "webitel":
                domain = f"case{n}.example.com"
                playbook.sandbox.put_settings(domain, case.settings(postfix, sender))
                tasks.append(case.settings_task(domain))
            else:
                tasks.append(case.account_task(postfix, sender))
        t=time.time()
        run = playbook.run(tasks)
        print(prod, len(tasks), time.time()-t)
        for case in cases:
            o = run[case.name]
            smtp = o.returned.get("failure",{}).get("smtp")
            got = Refusal(smtp["stage"], smtp["cause"], smtp["code"], smtp["enhanced_code"]) if smtp else None
            print("OK " if got == case.refusal and o.failed==(case.refusal is not None) else "BAD", case.name, "|", got if got!=case.refusal else "", "|", o.returned["msg"])
