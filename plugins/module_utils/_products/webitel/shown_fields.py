# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which texts of a domain's settings are harmless: the vendor's documented fields, and Nodemailer's documented options.

Sources: the vendor's page on email settings; of Nodemailer the pages SMTP transport, SMTP Connection, Pooled SMTP,
OAuth2, Proxies and DKIM on nodemailer.com, and the README files of nodemailer-smtp-transport and nodemailer-smtp-pool
1.x, which the vendor's public server asks for. Node's own `tls.connect()` documents what is below `tls`.
"""

from __future__ import annotations

import typing as t

from ..._engine.harmless import ciphers, host, plain_text, word
from ..._engine.secret import Known
from ..._resource.interface import Params

_EXTRA = "options.extra."

_AUTH: t.Final[Known] = {
    "user": plain_text,
    **dict.fromkeys(
        ("type", "method", "clientId", "serviceClient", "expires", "timeout", "domain", "workstation"), word
    ),
    "accessUrl": plain_text,
    "scope": plain_text,
}

_TLS: t.Final[Known] = {
    **dict.fromkeys(("rejectUnauthorized", "minVersion", "maxVersion", "secureProtocol", "ecdhCurve"), word),
    **dict.fromkeys(("honorCipherOrder", "ALPNProtocols", "minDHSize"), word),
    **dict.fromkeys(("ciphers", "sigalgs"), ciphers),
    **dict.fromkeys(("servername", "host"), host),
}

_OPTIONS: t.Final[Known] = {
    **dict.fromkeys(("host", "name", "servername", "localAddress"), host),
    **dict.fromkeys(("port", "secure", "ignoreTLS", "requireTLS", "opportunisticTLS", "authMethod", "service"), word),
    **dict.fromkeys(("connectionTimeout", "greetingTimeout", "socketTimeout", "dnsTimeout"), word),
    **dict.fromkeys(("debug", "logger", "transactionLog", "component", "lmtp", "allowInternalNetworkInterfaces"), word),
    **dict.fromkeys(("pool", "maxConnections", "maxMessages", "rateDelta", "rateLimit", "maxRequeues"), word),
    **dict.fromkeys(("disableFileAccess", "disableUrlAccess", "newline", "direct", "encoding", "textEncoding"), word),
    "url": plain_text,
    "proxy": plain_text,
    "tls": _TLS,
    "auth": _AUTH,
    "dkim": {
        **dict.fromkeys(("domainName", "keySelector"), host),
        **dict.fromkeys(("hashAlgo", "cacheTreshold"), word),
        "cacheDir": plain_text,
        "headerFieldNames": ciphers,
        "skipFields": ciphers,
    },
}

SHOWN: t.Final[Known] = {
    **dict.fromkeys(("provider", "description", "from", "domain"), plain_text),
    "options": _OPTIONS,
}

SECRETS: t.Final = (
    *(f"options.auth.{name}" for name in ("pass", "clientSecret", "refreshToken", "accessToken", "privateKey")),
    *("options.auth.xoauth2", "options.dkim.privateKey"),
    *(f"options.tls.{name}" for name in ("key", "pfx", "passphrase")),
)


def opened(params: Params) -> tuple[str, ...]:
    """The paths that a task opens, as a record has them: what a task gives as `options.extra` stands in `options`."""
    paths = params.get("shown_fields") or ()
    return tuple(f"options.{path[len(_EXTRA) :]}" if path.startswith(_EXTRA) else path for path in paths)
