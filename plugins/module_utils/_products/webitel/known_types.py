# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which transport options are booleans or numbers: Nodemailer takes a text in the place of a boolean for true.

So a text `false` for `ignoreTLS` sends mail in clear. Sources: the pages SMTP transport, SMTP Connection, Pooled SMTP,
OAuth2 and DKIM on nodemailer.com, the README files of nodemailer-smtp-transport and nodemailer-smtp-pool 1.x, and for
what is below `tls` Node's own documentation of `tls.connect()`.
"""

from __future__ import annotations

import typing as t

from ..._resource.interface import BOOLEAN, NUMBER, SWITCH, TEXT, Kinds, Params
from ..._resource.typed import Typed, typed

_TLS: t.Final[Kinds] = {
    **dict.fromkeys(("rejectUnauthorized", "requestCert", "honorCipherOrder", "enableTrace"), BOOLEAN),
    **dict.fromkeys(("allowPartialTrustChain", "allowHalfOpen"), BOOLEAN),
    **dict.fromkeys(("minDHSize", "secureOptions", "sessionTimeout", "handshakeTimeout", "timeout"), NUMBER),
}
_OPTIONS: t.Final[Kinds] = {
    **dict.fromkeys(("secure", "ignoreTLS", "requireTLS", "opportunisticTLS", "secured", "forceAuth", "lmtp"), BOOLEAN),
    **dict.fromkeys(("debug", "transactionLog", "pool", "direct", "allowInternalNetworkInterfaces"), BOOLEAN),
    **dict.fromkeys(("disableFileAccess", "disableUrlAccess", "attachDataUrls", "skipEncoding"), BOOLEAN),
    **dict.fromkeys(("streamTransport", "jsonTransport", "sendmail", "buffer", "keepAlive"), SWITCH),
    **dict.fromkeys(("logger", "xMailer"), SWITCH),
    **dict.fromkeys(("port", "connectionTimeout", "greetingTimeout", "socketTimeout", "dnsTimeout", "dnsTtl"), NUMBER),
    **dict.fromkeys(("maxConnections", "maxMessages", "rateDelta", "rateLimit", "sendingRate", "maxRequeues"), NUMBER),
    **dict.fromkeys(("maxAllowedSize", "maxRecipients", "maxRedirects", "localPort", "family"), NUMBER),
    **dict.fromkeys(("host", "name", "service", "authMethod", "component", "servername", "newline"), TEXT),
    "tls": _TLS,
    "auth": {"user": TEXT, **dict.fromkeys(("expires", "timeout"), NUMBER)},
    "dkim": {"cacheDir": SWITCH, "cacheTreshold": NUMBER},
}
RECORD: t.Final[Kinds] = {**dict.fromkeys(("domain", "provider", "description", "from"), TEXT), "options": _OPTIONS}


def typed_extra(params: Params) -> Typed:
    """What a task gives as `options.extra`, with its booleans and numbers as such."""
    return typed((params.get("options") or {}).get("extra") or {}, _OPTIONS, "options.extra")
