# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the libraries that send mail say where no server replied: Nodemailer, Node, OpenSSL 1 and 3, Go, Python.

Sources: `smtp-connection` 1.x and `nodemailer` 2 to 7, Node's `tls.js` and libuv, OpenSSL's `err` tables, Go's `net`,
`crypto/tls`, `crypto/x509` and `net/textproto`, Python's `smtplib`, `socket` and `ssl`.
"""

from __future__ import annotations

import re
import typing as t

from .phrases import Rules, rule

# What another protocol says at the port: its name, and how it begins.
_GREETINGS: t.Final = tuple(
    (protocol, re.compile(pattern))
    for protocol, pattern in (
        ("IMAP", r"\* (?:OK|PREAUTH|BYE|BAD)\b|b?['\"] ?(?:OK|BYE) \[CAPABILITY IMAP4|IMAP4(?:rev1)?\b"),
        # Before those whose words are like a part of theirs: Redis refuses with -ERR as POP3 does, SIP as HTTP does.
        ("Redis", r"-ERR unknown command ['`]|-DENIED Redis|-NOAUTH "),
        ("SIP", r"SIP/2\.0 "),
        ("RTSP", r"RTSP/1\.0 "),
        ("POP3", r"(?:^|[\n\"':] ?)(?:\+OK|-ERR)|\bPOP3?\b (?:server|ready)"),
        ("HTTP", r"HTTP/[123]|<!DOCTYPE|<html|400 Bad Request|^\x00\x00[^\n]\x04\x00\x00\x00\x00\x00"),
        ("SSH", r"SSH-[12]\.\d"),
        ("FTP", r"220[- ][^\x00]{0,200}?(?:\bFTP\b|[Ff][Tt][Pp][Dd]\b|FileZilla)|log ?in with USER and PASS"),
        ("NNTP", r"20[01] [^\n]{0,80}(?:\bNNTP\b|InterNetNews|posting)"),
        ("ManageSieve", r"\"IMPLEMENTATION\" \""),
        ("LMTP", r"use LHLO\b|220[- ][^\n]{0,80}\bLMTP\b"),
        ("XMPP", r"<stream:|<\?xml"),
        ("TLS", r"\\x15\\x03|\x15\x03|\\u0015\\u0003"),
        ("MySQL", r"mysql_native_password|caching_sha2_password|-MariaDB|connect to this (?:MySQL|MariaDB) server"),
        ("LDAP", r"1\.3\.6\.1\.4\.1\.1466\.20036"),
        ("Telnet", r"^(?:\\xff|\xff)(?:\\xf|[\xfb-\xfe])"),
        ("VNC", r"^RFB 0\d\d\.\d\d\d"),
        ("rsync", r"^@RSYNCD: "),
        ("AMQP", r"^AMQP"),
        ("IRC", r"^(?::\S{1,255} )?NOTICE (?:AUTH|\*) "),
        ("the event socket of FreeSWITCH", r"^Content-Type: auth/request"),
        ("the manager interface of Asterisk", r"^Asterisk Call Manager/"),
    )
)
_UNREADABLE: t.Final = re.compile(
    r"invalid greeting|unexpected response|short response|invalid response code|malformed \w+ (?:header|response)"
    r"|SMTPConnectError|connect(?:ion)? unexpectedly|^\(-1,|\(-1, b|log ?in with USER and PASS|use LHLO\b",
    re.IGNORECASE,
)

LIBRARY: t.Final[Rules] = (
    rule(
        "digest_unavailable",
        r"""
        digest method not supported|unsupported hash type md5|disabled for fips|invalid digest|fips mode
        in FIPS 140
        digital envelope routines…(?:unsupported|disabled)|md5 is not (?:supported|available|allowed)
        """,
    ),
    rule(
        "proxy_failed",
        r"""
        proxy auth\w* required|tunneling socket|\bproxy\b…(?:refused|failed|error|denied|407|rejected)
        proxyconnect|invalid response from proxy|socks ?(?:5|4|connect)|SOCKS server
        proxy connect\b|ProxyError|HTTP CONNECT
        """,
    ),
    rule(
        "software_incomplete",
        r"""
        cannot find (?:module|package)|no module named|module not found|cannot open shared object
    cannot import name|image not found|version `[^'\n]{1,60}' not found
        module is not available|failed to load system roots|no roots provided
        """,
    ),
    rule("sender_invalid", r"""invalid sender\b|unable to parse sender|invalid from address"""),
    rule(
        "recipient_invalid",
        r"""no recipients defined|invalid recipient \"|mail: (?:missing|no) |unable to parse recipient""",
    ),
    rule("message_too_large", r"""message size larger than allowed"""),
    rule("credentials_missing", r"""missing credentials|no credentials|empty (?:user ?name|password)"""),
    rule(
        "login_prompt_unknown",
        r"""login sequence while waiting for \"334 [^\"]{0,20}\": 334 |unexpected server challenge""",
    ),
    rule(
        "mechanism_not_offered",
        r"""
        unknown authentication method|no suitable authentication method|waiting for server challenge string
        does not offer the authentication mechanism|offers no authentication mechanism
        unsupported (?:auth|mechanism)
        """,
    ),
    rule(
        "login_not_offered",
        r"""
        AUTH extension not supported|does(?:n't| not) support (?:SMTP )?AUTH
        server does not support (?:SMTP )?auth
        """,
    ),
    rule("encryption_required", r"""smtp: unencrypted connection|(?:^|: )unencrypted connection"""),
    rule(
        "starttls_not_offered",
        r"""
        STARTTLS extension not supported|does(?:n't| not) support (?:required )?STARTTLS|no STARTTLS
        upgrading connection with STARTTLS|STARTTLS…not (?:offered|available|supported|advertised)
        """,
    ),
    rule(
        "certificate_not_yet_valid",
        r"""\bCERT_NOT_YET_VALID\b|certificate (?:is|was) not yet valid|current time \S{1,40} is before""",
    ),
    rule(
        "certificate_expired",
        r"""\bCERT_HAS_EXPIRED\b|certificate (?:has|is)? ?expired(?! or)|current time \S{1,40} is after""",
    ),
    rule(
        "certificate_of_another_name",
        r"""
        \bERR_TLS_CERT_ALTNAME_INVALID\b|altnames|hostname mismatch|IP address mismatch
        doesn't contain any IP SANs|certificate is (?:not )?valid for|cannot validate certificate for
        relies on legacy Common Name|hostname [^\n]{1,255} doesn't match
        """,
    ),
    rule(
        "certificate_too_weak",
        r"""
        (?:ee|ca) (?:certificate )?(?:key|md) too (?:small|weak)|insecure (?:signature )?algorithm
        sha-?1(?:with|-?rsa)|CERT_SIGNATURE_FAILURE|signature digest algorithm too weak
        (?:ee|ca) certificate key too weak
        """,
    ),
    rule(
        "certificate_of_unknown_authority",
        r"""
        \bSELF_SIGNED_CERT_IN_CHAIN\b|\bUNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(?:_LOCALLY)?)\b
        CERT_UNTRUSTED|self[- ]signed certificate in (?:the )?(?:certificate )?chain
        unable to verify the first certificate|unable to get (?:local )?issuer certificate
        signed by unknown authority|unknown[ _]ca\b|certificate is not trusted
        """,
    ),
    rule("certificate_self_signed", r"""\bDEPTH_ZERO_SELF_SIGNED_CERT\b|self[- ]signed certificate"""),
    rule("certificate_revoked", r"""\bCERT_REVOKED\b|certificate (?:is |was )?revoked"""),
    rule(
        "no_tls_at_port",
        r"""
        wrong[ _]version[ _]number|packet length too long|does not look like a TLS handshake|unknown[ _]protocol
        http[ _]request|record layer failure|decode[ _]error|wrong_ssl_version
        """,
    ),
    rule(
        "tls_too_old",
        r"""
        unsupported[ _]protocol|alert protocol version|protocol version not supported|no supported versions
        tlsv1 alert|(?:dh|ec) key too small|no protocols available|version[ _]too[ _]low
        unsafe legacy renegotiation|inappropriate fallback|unsupported versions
        no cipher(?:s available|suite|_match| match)|no shared cipher|bad ecpoint
        """,
    ),
    rule(
        "tls_failed",
        r"""
        initiating TLS|before secure TLS connection|TLS handshake (?:timeout|error)|remote error: tls
        handshake (?:(?:operation )?timed out|failed)
        unexpected eof while reading|EOF occurred in violation|SSL routines
        sslv3 alert|handshake[ _]failure|certificate verify failed|\bEPROTO\b
        """,
    ),
)
# These name an address now and then: one with another port is of something else, such as the product's database.
CONNECTION: t.Final[Rules] = (
    rule(
        "host_unknown",
        r"""
        \bquery(?:A|AAAA|Mx|Any|Cname|Srv|Txt|Ns|Soa|Ptr) [A-Z]{3,20}\b|\b(?:ENOTFOUND|ENODATA|ESERVFAIL|EAI_\w+)\b
        name or service not known|no such host|name resolution|nodename nor servname|no address associated
        getaddrinfo failed|server misbehaving
        \blookup [^ :]{1,255}(?: on [^ ]{1,60})?: (?:read udp [^ ]{1,120} )?i/o timeout
        """,
    ),
    rule("connection_refused", r"""\bECONNREFUSED\b|connection refused|actively refused"""),
    rule(
        "unreachable",
        r"""
        \bE(?:HOST|NET)(?:UNREACH|DOWN)\b|\bEADDRNOTAVAIL\b|no route to host|network is unreachable
        host is (?:down|unreach)|cannot assign requested address|connect: permission denied
        connect E(?:ACCE|PERM)|connect: operation not permitted|\[Errno 13?\] (?:operation not p|p)erm
        """,
    ),
    rule("no_greeting", r"""greeting never received"""),
    rule(
        "no_answer",
        r"""
        \bE?TIMEDOUT\b|connection timeout|timed out|i/o timeout|^timeout$|: timeout$|deadline exceeded
        \bETIMEOUT\b
        """,
    ),
    rule(
        "connection_lost",
        r"""
        \bECONNRESET\b|\bEPIPE\b|\bECONNABORTED\b|socket hang up|closed unexpectedly|unexpectedly closed
        unexpected socket close|connection reset|broken pipe|socket (?:has been|was) (?:ended|closed)
        (?:^|: )EOF$|use of closed network|please run connect\(\) first|(?:^|: )server not connected
        """,
    ),
)


def protocol_in(text: str) -> str | None:
    """The protocol that answered in place of SMTP, as a library repeats its first words; `None` where none did."""
    return protocol_of(text) if _UNREADABLE.search(text) else None


def protocol_of(greeting: str) -> str | None:
    """The protocol whose first words these are, `None` where it is none that is known."""
    return next((protocol for protocol, pattern in _GREETINGS if pattern.search(greeting)), None)
