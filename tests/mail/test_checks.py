# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both checks against Postfix: every way to speak, every mechanism, every bad certificate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.integration.checking import check_defaults, codes, finding
from tests.integration.playbook import Task
from tests.mail.certificates import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.playbook import Document, Playbook
    from tests.mail.certificates import Certificate, Certificates
    from tests.mail.conftest import User
    from tests.mail.postfix import Encryption, Postfix, Variant

Product = Literal["account", "settings"]
ENCRYPTIONS: tuple[Encryption, ...] = ("none", "starttls", "tls")
MECHANISMS = ("plain", "login", "cram-md5")
CRYPT = {"none": "none", "starttls": "starttls", "tls": "ssl-tls"}
TRANSPORT: dict[str, dict[str, Any]] = {
    "none": {"extra": {"ignoreTLS": True}},
    "starttls": {"extra": {"requireTLS": True}},
    "tls": {"secure": True},
}
BAD_CERTIFICATES: dict[Certificate, str] = {
    "expired": "certificate_expired",
    "other_name": "certificate_other_name",
    "self_signed": "certificate_self_signed",
}


@dataclass(frozen=True)
class Look:
    """A look at a listener with settings that say `configured`, and the errors and warnings that it has to find."""

    name: str
    configured: Encryption
    port: int
    expected: list[str] = field(default_factory=list)
    mechanism: str = "plain"
    password: str | None = None
    verify: bool = True
    logs_in: bool = True

    def task(self, product: Product, sender: User) -> Task:
        """The look, in a product's own words. Nothing that is found fails the task."""
        password = self.password or sender.password
        if product == "account":
            record: dict[str, Any] = {
                "email": sender.address,
                "password": password,
                "smtp_server": HOST,
                "smtp_port": self.port,
                "smtp_crypt": CRYPT[self.configured],
                "smtp_auth_mechanism": self.mechanism,
            }
        else:
            transport = TRANSPORT[self.configured]
            options = {
                **transport,
                "host": HOST,
                "port": self.port,
                "auth": {"user": sender.address, "pass": password},
                "extra": {**transport.get("extra", {}), "authMethod": self.mechanism},
                "tls": {"reject_unauthorized": self.verify},
            }
            record = {"from": sender.address, "options": options}
        return Task(f"{product}: {self.name}", f"email_{product}_check", {**record, "timeout": 5, "fail_on": "never"})


@pytest.fixture
def defaults(certificates: Certificates) -> Iterator[dict[str, Document]]:
    with check_defaults(str(certificates.authority)) as options:
        yield options


def _found(
    playbook: Playbook, defaults: dict[str, Document], sender: User, looks: list[Look], product: Product
) -> dict[str, Document]:
    """What each look returned, once its findings and its login are what they should be."""
    tasks = [look.task(product, sender) for look in looks]
    run = playbook.run(tasks, defaults=defaults)
    results = {}
    for look, task in zip(looks, tasks, strict=True):
        returned = run.succeeded(task.name).returned
        assert codes(returned) == look.expected, f"{task.name}: {returned['report']}"
        assert returned["server"]["login"]["tried"] is look.logs_in, task.name
        results[look.name] = returned
    return results


@pytest.mark.parametrize("product", ["account", "settings"])
def test_every_way_and_mechanism(
    playbook: Playbook, defaults: dict[str, Document], postfix: Postfix, sender: User, product: Product
) -> None:
    looks = [
        Look(f"{way} {mechanism}", way, postfix.port(way), ["not_encrypted"] if way == "none" else [], mechanism)
        for way in ENCRYPTIONS
        for mechanism in MECHANISMS
    ]
    for name, returned in _found(playbook, defaults, sender, looks, product).items():
        assert returned["server"]["login"]["accepted"] is True, name
        assert returned["server"]["login"]["mechanism"] == name.split(" ")[1].upper()
        offer = returned["server"]["after_tls"] or returned["server"]["before_tls"]
        assert set(offer["mechanisms"]) == {"PLAIN", "LOGIN", "CRAM-MD5"}
        assert offer["size"] is not None


@pytest.mark.parametrize("product", ["account", "settings"])
def test_every_way_where_another_is_spoken(
    playbook: Playbook, defaults: dict[str, Document], postfix: Postfix, sender: User, product: Product
) -> None:
    none, starttls, tls = (postfix.port(way) for way in ENCRYPTIONS)
    looks = [
        Look("none as starttls", "starttls", none, ["starttls_not_offered"], logs_in=False),
        Look("none as tls", "tls", none, ["clear_at_first"], logs_in=False),
        # Postfix takes no password in clear where it offers TLS.
        Look("starttls as none", "none", starttls, ["login_not_offered", "not_encrypted"], logs_in=False),
        Look("starttls as tls", "tls", starttls, ["clear_at_first"]),
        Look("tls as none", "none", tls, ["tls_from_first_byte"]),
        Look("tls as starttls", "starttls", tls, ["tls_from_first_byte"]),
    ]
    results = _found(playbook, defaults, sender, looks, product)
    assert finding(results["tls as starttls"], "tls_from_first_byte")["message"].startswith(
        f"port {tls} speaks TLS from the first byte, but "
    )


@pytest.mark.parametrize("product", ["account", "settings"])
def test_bad_certificates(
    playbook: Playbook, defaults: dict[str, Document], postfix: Postfix, sender: User, product: Product
) -> None:
    ways: tuple[Encryption, ...] = ("starttls", "tls")
    looks = [
        Look(
            f"{way} {kind}{'' if verify else ' unverified'}",
            way,
            postfix.port(way, kind),
            [code],
            "plain",
            None,
            verify,
            not verify,
        )
        for way in ways
        for kind, code in BAD_CERTIFICATES.items()
        for verify in ((True, False) if product == "settings" else (True,))
    ]
    results = _found(playbook, defaults, sender, looks, product)
    for look in looks:
        severity = "error" if look.verify else "warning"
        assert codes(results[look.name], severity) == look.expected, look.name


@pytest.mark.parametrize("product", ["account", "settings"])
def test_logins_that_do_not_succeed(
    playbook: Playbook, defaults: dict[str, Document], postfix: Postfix, sender: User, product: Product
) -> None:
    def port(variant: Variant) -> int:
        return postfix.port("tls", variant=variant)

    # Nodemailer sends what was not offered, and so does the check.
    tries = product == "settings"
    looks = [
        *(
            Look(f"bad password {mechanism}", "tls", port("usual"), ["login_refused"], mechanism, "wrong")
            for mechanism in MECHANISMS
        ),
        Look("no such mechanism", "tls", port("plain_only"), ["mechanism_not_offered"], "cram-md5", logs_in=tries),
        Look("no such mechanism either", "tls", port("cram_md5_only"), ["mechanism_not_offered"], logs_in=tries),
        Look("no login at all", "tls", port("no_login"), ["login_not_offered"], logs_in=tries),
    ]
    results = _found(playbook, defaults, sender, looks, product)
    for mechanism in MECHANISMS:
        login = results[f"bad password {mechanism}"]["server"]["login"]
        assert (login["accepted"], login["code"], login["enhanced_code"]) == (False, 535, "5.7.8")
    assert set(results["no such mechanism"]["server"]["after_tls"]["mechanisms"]) <= {"PLAIN", "LOGIN"}
