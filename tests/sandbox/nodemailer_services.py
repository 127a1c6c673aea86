# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The mail services that Nodemailer 1.x knows by name, as nodemailer-wellknown 0.1 lists them."""

from __future__ import annotations

import re
from typing import Any

_TLS = {"port": 465, "secure": True}
_SERVICES: dict[str, dict[str, Any]] = {
    "1und1": {"host": "smtp.1und1.de", "authMethod": "LOGIN", **_TLS},
    "aol aol.com": {"host": "smtp.aol.com", "port": 587},
    "debugmail": {"host": "debugmail.io", "port": 25},
    "dynectemail dynect": {"host": "smtp.dynect.net", "port": 25},
    "fastmail fastmail.fm": {"host": "mail.messagingengine.com", **_TLS},
    "gandimail gandi": {"host": "mail.gandi.net", "port": 587},
    "gmail googlemail gmail.com googlemail.com": {"host": "smtp.gmail.com", **_TLS},
    "godaddy": {"host": "smtpout.secureserver.net", "port": 25},
    "godaddyasia": {"host": "smtp.asia.secureserver.net", "port": 25},
    "godaddyeurope": {"host": "smtp.europe.secureserver.net", "port": 25},
    "hot.ee": {"host": "mail.hot.ee"},
    "hotmail outlook outlook.com hotmail.com": {"host": "smtp.live.com", "port": 587, "tls": {"ciphers": "SSLv3"}},
    "icloud me mac me.com mac.com": {"host": "smtp.mail.me.com", "port": 587},
    "mail.ee": {"host": "smtp.mail.ee"},
    "mail.ru": {"host": "smtp.mail.ru", **_TLS},
    "maildev": {"port": 1025, "ignoreTLS": True},
    "mailgun": {"host": "smtp.mailgun.org", "port": 587},
    "mailjet": {"host": "in.mailjet.com", "port": 587},
    "mandrill": {"host": "smtp.mandrillapp.com", "port": 587},
    "naver": {"host": "smtp.naver.com", "port": 587},
    "openmailbox omb openmailbox.org": {"host": "smtp.openmailbox.org", **_TLS},
    "postmark postmarkapp": {"host": "smtp.postmarkapp.com", "port": 2525},
    "qq qq.com": {"host": "smtp.qq.com", **_TLS},
    "qqex qqenterprise exmail.qq.com": {"host": "smtp.exmail.qq.com", **_TLS},
    "sendcloud": {"host": "smtpcloud.sohu.com", "port": 25},
    "sendgrid": {"host": "smtp.sendgrid.net", "port": 587},
    "ses": {"host": "email-smtp.us-east-1.amazonaws.com", **_TLS},
    "ses-us-east-1": {"host": "email-smtp.us-east-1.amazonaws.com", **_TLS},
    "ses-us-west-2": {"host": "email-smtp.us-west-2.amazonaws.com", **_TLS},
    "ses-eu-west-1": {"host": "email-smtp.eu-west-1.amazonaws.com", **_TLS},
    "sparkpost sparkpostmail sparkpost.com": {"host": "smtp.sparkpostmail.com", "port": 587, "secure": False},
    "yahoo yahoo.com": {"host": "smtp.mail.yahoo.com", **_TLS},
    "yandex yandex.ru": {"host": "smtp.yandex.ru", **_TLS},
    "zoho": {"host": "smtp.zoho.com", "authMethod": "LOGIN", **_TLS},
    "126": {"host": "smtp.126.com", **_TLS},
    "163": {"host": "smtp.163.com", **_TLS},
}
_BY_NAME = {name: options for names, options in _SERVICES.items() for name in names.split(" ")}


def service_options(name: object) -> dict[str, Any]:
    """Return the transport options of a service, named as Nodemailer takes it: also by an address of its domain."""
    known = re.sub(r"[^a-zA-Z0-9.-]", "", str(name).rpartition("@")[2]).lower()
    return _BY_NAME.get(known, {})
