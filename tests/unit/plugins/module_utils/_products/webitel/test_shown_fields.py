# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A corpus of settings that hold a secret somewhere, and of such that hold none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine import secret
from ansible_collections.mailfleet.email.plugins.module_utils._engine.harmless import opening_problems, with_opened
from ansible_collections.mailfleet.email.plugins.module_utils._engine.result import render
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.shown_fields import (
    SECRETS,
    SHOWN,
    opened,
)

SECRET = "hunter2"
WITH_A_SECRET: list[dict[str, Any]] = [
    {"auth": {"xoauth2": SECRET}},
    {"auth": {"clientsecret": SECRET}},
    {"auth": {"refreshtoken": SECRET}},
    {"smtppassword": SECRET},
    {"dkimKey": SECRET},
    {"auth_pw": SECRET},
    {"bearer": SECRET},
    {"mail-passwort": SECRET},
    {"senha_do_email": SECRET},
    {"headers": [{"key": "Authorization", "value": f"Basic {SECRET}"}]},
    {"headers": {"X-Whatever": SECRET}},
    {"proxy": f"http://u:pa#{SECRET}@h"},
    {"proxy": f"http://{SECRET}@h"},
    {"url": f"smtps://smtp.example.com/?auth.pass={SECRET}"},
    {"url": f"smtps://u:{SECRET}@smtp.example.com"},
    {"host": f"u:{SECRET}@h"},
    {"host": f"{SECRET}@h"},
    {"name": f"u:{SECRET}@h"},
    {"service": f"u:{SECRET}@h"},
    {"tls": {"ca": f"-----BEGIN PRIVATE KEY-----{SECRET}"}},
    {"tls": {"cert": SECRET}},
    {"tls": {"servername": f"-----BEGIN PRIVATE KEY-----{SECRET}"}},
    {"tls": SECRET},
    {"auth": SECRET},
    {"auth": {"user": f"-----BEGIN PRIVATE KEY-----\n{SECRET}"}},
    {"auth": {"user": {"name": SECRET}}},
    {"auth": {"accessUrl": f"https://x/?client_secret={SECRET}"}},
    {"dkim": {"privateKey": SECRET}},
    {"dkim": {"keys": [{"domainName": "example.com", "keySelector": "a", "privateKey": SECRET}]}},
    {"relays": [[SECRET]]},
    {"deep": {"er": {"still": SECRET}}},
]
HARMLESS: list[dict[str, Any]] = [
    {"host": "smtp.example.com", "port": "587", "secure": "true", "name": "mail.example.com"},
    {"auth": {"user": "u@example.com", "type": "OAuth2", "clientId": "a.apps.example.com"}, "authMethod": "CRAM-MD5"},
    {"tls": {"minVersion": "TLSv1.2", "ciphers": "HIGH:!RC4", "servername": "smtp.example.com"}},
    {"proxy": "socks5://proxy.example.com:1080", "localAddress": "192.0.2.1", "service": "Outlook365"},
    {"unknown": 5, "more": [True, None, 1.5], "empty": ""},
    {"dkim": {"domainName": "example.com", "keySelector": "2026", "headerFieldNames": "from:to:subject"}},
]


@pytest.mark.parametrize("options", WITH_A_SECRET, ids=json.dumps)
@pytest.mark.parametrize("shown", [True, False])
def test_a_secret_is_shown_nowhere(options: dict[str, Any], shown: bool) -> None:
    record = secret.wrap({"options": options}, SHOWN, shown=shown)
    assert SECRET not in json.dumps(secret.omit(record))
    assert SECRET not in json.dumps(render(None, record))
    assert secret.reveal(record) == {"options": options}


@pytest.mark.parametrize("options", HARMLESS, ids=json.dumps)
def test_what_is_documented_and_what_is_no_text_is_shown(options: dict[str, Any]) -> None:
    record = {"provider": "smtp", "description": "PBX", "from": "PBX <pbx@example.com>", "options": options}
    assert secret.omit(secret.wrap(record, SHOWN, shown=True)) == record


@pytest.mark.parametrize("path", ["options.extra.label", "options.label", "options.extra"])
def test_a_user_opens_a_path_as_it_is_written_or_as_it_is_shown(path: str) -> None:
    known = with_opened(SHOWN, opened({"shown_fields": [path]}))
    assert secret.wrap({"options": {"label": "a"}}, known)["options"]["label"] == (
        secret.Secret("a") if path == "options.extra" else "a"
    )


@pytest.mark.parametrize("path", ["options.auth.pass", "options.extra.auth.pass", "options.extra.dkim.privateKey.x"])
def test_a_documented_secret_cannot_be_opened(path: str) -> None:
    assert [problem.field for problem in opening_problems(opened({"shown_fields": [path]}), SECRETS)] == [
        "shown_fields[0]"
    ]
