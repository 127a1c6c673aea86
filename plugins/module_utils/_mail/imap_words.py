# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What IMAP servers say where they refuse something, beside what SMTP servers say too; `phrases` says how to read it.

Sources, behind the phrases: the servers' own code, and logs that people published. A phrase without one is used by
several.
"""

from __future__ import annotations

import typing as t

from . import foreign_words as foreign
from . import imap_foreign_words as abroad
from . import login_words as login
from . import refusal_words as refusal
from .phrases import Rules, rule

_ENCRYPTION_REQUIRED: t.Final = r"""
    (?:LOGIN|AUTHENTICATE)(?: \w+){0,3} (?:disallowed|disabled|not <allowed>)(?: \w+){0,2}… (?:SSL|TLS|secure)
    (?:plain|clear) ?text (?:auth\w*|log ?ins?|passwords?)(?: \w+)? (?:disallowed|disabled|not <allowed>)  # Dovecot
    only available under a layer  # UW, Cyrus
    cleartext (?:auth\w*|log ?in) (?:only )?<not>|must (?:first )?(?:issue|use) (?:a )?STARTTLS
    (?:disabled|not <allowed>) (?:on|over|for|without) (?:an? )?(?:unencrypted|insecure|non-?secure|unsecured?|plain)
"""
_APPLICATION_PASSWORD: t.Final = r"""
    (?:app|application|program|client|external|third[- ]party)(?:[- ]specific)? password… (?:<required>|must|use)
    (?:use|requires?|need|generate|create) (?:an? )?(?:app|application)[- ]?(?:specific )?passwords?
    only (?:the )?e-?mail[- ]password  # T-Online
    (?:use|enter) (?:the |an? )?auth\w* code|weixin token  # the latter Tencent
"""
_SWITCHED_OFF: t.Final = r"""
    \bIMAP4?\b(?:[^.\n]{0,60}? )?(?:disabled|deactivated|blocked|denied|prohibited|restricted)\b
    \bIMAP4?\b(?:[^.\n]{0,60}? )?(?:turned|switched|is) off\b
    \bIMAP4?\b(?:[^.\n]{0,60}? )?not (?:been )?(?:yet )?(?:<allowed>|activated|opened|active|open|turned on|granted)
    not (?:been )?(?:yet )?(?:<allowed>|activated|configured|subscribed|licensed)(?: \w+){0,4} IMAP
    (?:does not|doesn't|do not|don't|no) (?:\w+ ){0,4}IMAP4?(?: \w+)? ?(?:access|rights?|permission|service|login)?
    (?:enable|activate|turn on|switch on|open|allow) (?:the )?(?:POP3?\W{1,3})?IMAP
    yet to enable IMAP  # Zoho
    BasicAuthBlocked|BasicAuthentication(?:Blocked|Disabled)|basic auth\w*  # Exchange
    password[- ]?(?:based )?(?:log ?ins?|auth\w*|access) (?:\w+ ){0,3}(?:no longer|disabled|not <allowed>|off\b)
    only (?:supports? |accepts? |allows? )?(?:X?OAUTH|OAUTHBEARER|modern)
    (?:X?OAUTH2?|OAUTHBEARER|modern auth\w*) (?:is )?(?:<required>|only)
    protocol (?:is )?disabled
    ^(?:LOGIN|AUTHENTICATE)(?: PLAIN)? (?:is |has been )?(?:disabled|not enabled)
    (?:service|access|login) (?:is )?not (?:enabled|activated|opened|granted)… (?:user|account|mailbox)
"""
_COMMAND_OFF: t.Final = r"""
    (?:LOGIN|AUTHENTICATE) command (?:is )?(?:disabled|not <allowed>)
"""
_TOO_MANY_LOGINS: t.Final = r"""
    throttl  # Exchange Online
    rate limit|(?:log ?in|auth\w*|command) (?:frequency|too (?:often|frequent))
    too (?:many|much|frequent) (?:\w+ ){0,3}(?:fail\w*|invalid|bad|wrong|attempts?|tries|commands?|log ?ins?)
    (?:exceed\w*|maximum|limit) (?:\w+ ){0,4}(?:failed|fail|attempts?|log ?ins?|commands?)\b(?! from)
"""
_TOO_MANY_CONNECTIONS: t.Final = r"""
    too many (?:\w+ ){0,4}(?:users|log ?ins from|instances)\b|logged in from too many
    (?:max\w*|too many|exceed\w*|reached)(?: \w+){0,6} (?:connections?|sessions?|clients|processes)(?! timed? ?out)
    (?:connections?|sessions?)(?: \w+){0,5} (?:exceed\w*|reached|limit|full)|(?:connection|session|user) limit
    userip_connections|simultaneous connections|concurrent (?:connections|sessions)|already connected too
"""
_CLIENT: t.Final = r"""
    unsafe log ?in  # 163 and 126
    ^connection refused  # Cyrus, with the system's list of hosts
    \b(?:IP|host|address|network|country|location|region)\b… (?:blocked|banned|black ?listed|denied|rejected|locked out)
    \b(?:IP|host|address|network|country|location|region)\b… (?:not <allowed>|refused|restricted)
    (?:blocked|banned|denied|black ?listed)(?: \w+){0,3} (?:IP|host|address|country|location)\b
    access denied (?:from|for) (?:your |this )?(?:IP|host|address|location|client)
    not allowed (?:from|to connect from)|geo-?(?:block|ip)
    client (?:is )?not (?:supported|allowed|trusted)
"""
_IN_USE: t.Final = r"""
    (?:mail ?box|mail ?drop|folder|account|spool) (?:is )?(?:already |currently )?(?:in use|locked by|being used|busy)
    (?:in use|locked) by (?:another|an other|a different|some)|lock\w*… another (?:session|process|client)
    unable to (?:get |obtain )?lock
"""
_BLOCKED: t.Final = r"""
    contact (?:your |the )?(?:\w+ )?(?:admin\w*|support|help ?desk|service provider|customer (?:service|care))
    \b<box>(?: \S+)?(?: \w+){0,3} (?:<stopped>|closed|deleted|frozen|on hold)
    account… (?:abnormal|unusual|suspicious)
"""
_UNAVAILABLE: t.Final = r"""
    temporar|try (?:again|later)|(?:currently |temporarily )?unavailable|not (?:currently )?available
    maintenance|overload|(?:server|system) (?:is )?(?:too )?busy
    internal (?:\w+ )?(?:error|failure)
    auth\w* (?:process|server|service|daemon)(?: \w+){0,3} (?:broken|down|dead|not running)  # Dovecot
    (?:server|system|service|backend|database|LDAP|storage)(?: \w+){0,2} (?:error|failure|down|timed? ?out)
    shutting down|shut down|restart|out of memory|can't connect|connection lost|no free
    stor(?:e|age) (?:is )?(?:not )?(?:offline|available)|fork(?:ing)? failed
"""
_NO_MAILBOX: t.Final = r"""
    authenticated but not connected  # Exchange
    not have a (?:\w+ )?mail ?box  # Outlook.com
    no (?:such )?(?:mail ?box|mail ?store|mail ?drop)(?: \w+){0,2} (?:for|found)
    mail ?box (?:for user )?(?:does not|doesn't) exist\b(?!:)|user has no mail ?box
"""
_OVER_QUOTA: t.Final = r"""
    over ?quota|quota (?:\w+ ){0,3}(?:exceed|full|reached)|exceed\w* (?:\w+ ){0,4}quota
    (?:disk|storage|mail ?box) (?:is )?full|no space left
"""
_LIMIT: t.Final = r"""
    bandwidth  # Gmail
"""
_READ_ONLY: t.Final = r"""
    read[- ]only|only be read|not writ(?:e?able)|write[- ]protected|EXAMINE… (?:STORE|EXPUNGE)
    (?:STORE|EXPUNGE) not (?:allowed|permitted) in (?:EXAMINE|read)
"""
_PERMISSION: t.Final = r"""
    permission denied|access denied
    (?:insufficient|no|not enough) (?:\w+ )?(?:rights?|permissions?|privileges?|access)
    not (?:authori[sz]ed|permitted|allowed) to
    \bACL\b
"""
_EXPIRED: t.Final = r"""
    (?:password|credentials?|passphrase)(?: \w+){0,3} (?:expired|(?:must|needs? to|has to) be changed)
    (?:change|reset|renew) (?:your |the )?password
"""
_CREDENTIALS: t.Final = r"""
    \bauth(?:entication|orization)? (?:has )?(?:failed|failure)|fail\w* (?:to )?authenticat\w+
    could not authenticate|unable to authenticate
    (?:invalid|incorrect|wrong|bad|unknown) (?:\w+[ /-]){0,3}?(?:credentials?|pass(?:word|wd|phrase)|secret)\b
    (?:invalid|incorrect|wrong|bad|unknown) (?:\w+[ /-]){0,3}?(?:user|log ?in|e-?mail|mailbox) ?-?(?:name|id|address)?\b
    (?:invalid|incorrect|wrong|bad|unknown) (?:\w+[ /-]){0,3}?(?:account|identity)\b
    (?:credentials?|passw\w*d|user(?: ?name)?|log ?in|account)(?: \S+){0,5}? (?:invalid|incorrect|wrong|bad|unknown)\b
    (?:credentials?|passw\w*d|user(?: ?name)?|log ?in|account)(?: \S+){0,5}? not (?:correct|valid|found|known|accept)
    (?:credentials?|passw\w*d|user(?: ?name)?|log ?in|account)(?: \S+){0,5}? (?:do|does|did) ?n[o']t (?:match|exist)
    (?:credentials?|passw(?:or)?d|user ?name)(?: \S+){0,5}? (?:error|mismatch|failed verification|rejected)
    (?:no|unknown|non-?existent) (?:such )?(?:user|account|login)\b|(?:password|user(?:name)?|account|login) error
    log ?in failure: unknown user|user not found|logon failure
    check (?:your |the )?(?:user ?name|password|credentials|e-?mail)
"""
_NOT_SAID: t.Final = r"""
    account is abnormal, service is not open, password is incorrect  # QQ, whatever it is
"""
_EITHER: t.Final = r"""
    (?:credentials?|password|user ?name|log ?in)(?: \w+){0,3} or (?:\w+ ){0,3}IMAP  # Yandex, Mail.ru: one of two
    IMAP(?: \w+){0,4} or (?:\w+ ){0,4}(?:credentials?|password|user ?name|log ?in)
"""

AT_LOGIN: t.Final[Rules] = (
    rule("login_refused", _NOT_SAID, abroad.NOT_SAID),
    rule("credentials", _EITHER),
    rule("encryption_required", login.ENCRYPTION_REQUIRED, foreign.ENCRYPTION_REQUIRED, _ENCRYPTION_REQUIRED),
    rule("application_password_wanted", login.APPLICATION_PASSWORD, foreign.APPLICATION_PASSWORD),
    rule("application_password_wanted", _APPLICATION_PASSWORD, abroad.APPLICATION_PASSWORD),
    rule("browser_wanted", login.BROWSER),
    rule("client_refused", _CLIENT, abroad.CLIENT),
    rule("login_switched_off", login.LOGIN_SWITCHED_OFF, foreign.LOGIN_SWITCHED_OFF),
    rule("login_switched_off", _SWITCHED_OFF, abroad.LOGIN_SWITCHED_OFF),
    rule("too_many_connections", refusal.TOO_MANY_CONNECTIONS, foreign.TOO_MANY_CONNECTIONS),
    rule("too_many_connections", _TOO_MANY_CONNECTIONS, abroad.TOO_MANY_CONNECTIONS),
    rule("limit", _LIMIT),
    rule("too_many_logins", login.TOO_MANY_LOGINS, foreign.TOO_MANY_LOGINS),
    rule("too_many_logins", _TOO_MANY_LOGINS, abroad.TOO_MANY_LOGINS),
    rule("over_quota", _OVER_QUOTA),
    rule("mailbox_missing", _NO_MAILBOX),
)
"""What is said plainly at a login and in a greeting: it outweighs the code, which may be a wide one."""

AT_LOGIN_WIDE: t.Final[Rules] = (
    rule("in_use", _IN_USE),
    rule("credentials", _EXPIRED, abroad.EXPIRED),
    rule("unavailable", _UNAVAILABLE, abroad.UNAVAILABLE, login.LOGIN_TROUBLE),
    rule("account_blocked", _BLOCKED, abroad.ACCOUNT_BLOCKED),
    rule("account_blocked", login.ACCOUNT_BLOCKED_AT_LOGIN, foreign.ACCOUNT_BLOCKED_AT_LOGIN),
    rule("mechanism_not_offered", login.MECHANISM_NOT_OFFERED, login.LOGIN_NOT_OFFERED, _COMMAND_OFF),
    rule("credentials", _CREDENTIALS, abroad.CREDENTIALS),
)
"""What counts there without a code."""

PLAIN_LATER: t.Final[Rules] = (rule("limit", _LIMIT),)
"""What is said plainly after the login, before the code: Gmail calls a bandwidth a quota."""

LATER: t.Final[Rules] = (
    rule("read_only", _READ_ONLY),
    rule("over_quota", _OVER_QUOTA),
    rule("in_use", _IN_USE),
    rule("mailbox_missing", _NO_MAILBOX),
    rule("too_many_connections", refusal.TOO_MANY_CONNECTIONS, foreign.TOO_MANY_CONNECTIONS),
    rule("too_many_connections", _TOO_MANY_CONNECTIONS, abroad.TOO_MANY_CONNECTIONS),
    rule("too_many_commands", _TOO_MANY_LOGINS),
    rule("client_refused", _CLIENT, abroad.CLIENT),
    rule("permission", _PERMISSION, abroad.PERMISSION),
    rule("unavailable", _UNAVAILABLE, abroad.UNAVAILABLE),
)
"""What is said after the login, without a code."""
