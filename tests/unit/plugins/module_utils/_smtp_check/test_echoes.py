# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mail server that repeats the password, in one form or another: nothing of it is in what a check says."""

from __future__ import annotations

import json

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.check_spec import EMAIL_ACCOUNT_CHECK
from tests.sandbox.encodings import FORMS, LeakSearch
from tests.unit.plugins.module_utils._mail.smtp_servers import SmtpServer, serve
from tests.unit.plugins.module_utils.running import Runner

SECRET = "P@ssw0rd1-of/the+mailbox"


# Each takes the time limit of a look into the DNS; what is said goes one way with the words of the products' servers.
@pytest.mark.parametrize("form", list(FORMS)[::4])
def test_a_refusal_of_a_login(form: str) -> None:
    echo = " ".join(FORMS[form](SECRET).split())
    offers = (f"SIZE 1000000 {echo}", "AUTH PLAIN LOGIN")
    server = SmtpServer(offers=offers, answers={"AUTH": f"535 5.7.8 wrong password {echo}"})
    with serve(server):
        runner = Runner({"dns_servers": ["127.0.0.1:9"], "timeout": 2.0, "fail_on": "never"})
        result = runner.run(
            EMAIL_ACCOUNT_CHECK,
            email="certs@example.com",
            has_auth=True,
            password=SECRET,
            smtp_server="127.0.0.1",
            smtp_port=server.port,
            smtp_crypt="none",
            smtp_auth_mechanism="plain",
        )
    assert LeakSearch([SECRET]).found_in(json.dumps([result, runner.warnings])) == []
    assert any(line.text.startswith("AUTH") for line in server.lines), result
