# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words about logins, encryption and accounts that mail servers use, in English; `phrases` says how to read them.

Without a name beside it, a phrase is used by several systems. `reply_words` says in which order they are tried.
"""

from __future__ import annotations

import typing as t

ENCRYPTION_REQUIRED: t.Final = r"""
    (?:issue|use|start|enable|requires?|needs?|using) (?:a |an |the |valid )?(?:START)?(?:TLS|SSL)\b(?! version)
    STARTTLS (?:command )?(?:first|<required>)
    (?:TLS|SSL|SSL/TLS|encryption|encrypted connection|(?:TLS|SSL)[- ]connection) <required>
    (?:requires?|needs?|must use) (?:an? )?(?:encrypt|secure c)
    without (?:SSL|TLS|encryption)|\bencrypt (?:your|the|this) (?:session|connection)
    (?:non-?secure|insecure|unencrypted|un-?secured|plain ?text|clear ?text) (?:connection|auth|session|login)
    only (?:\w+ )?(?:on|over|with|after|via|through) (?:an? )?(?:TLS|SSL|secure|encrypted)
    over a TLS connection  # Gmail
"""
TLS_TOO_OLD: t.Final = r"""
    (?:TLS|SSL)(?: ?v?\d| (?:protocol )?version\b)…(?:<not> <allowed>|unsupported|deprecated|retired|obsolete|outdated)
    (?:TLS|SSL)(?: ?v?\d| (?:protocol )?version\b)…too (?:old|low)
    (?:unsupported|minimum|obsolete|outdated|old) (?:TLS|SSL) (?:protocol )?version
    weak (?:TLS |SSL )?ciphers?\b|cipher… too weak
    (?:update|upgrade)[^\n]{0,60}? TLS ?v?1\.[23]|TLS ?v?1\.[23] (?:or \w+ )?<required>|requires? TLS ?v?1\.[23]
"""
APPLICATION_PASSWORD: t.Final = r"""
    application[- ](?:specific )?passwords?\b|application-specific|\bapp[- ](?:specific[- ])?passwords?\b
    device(?:-specific)? password|secure mail key  # the latter AT&T
    (?:two|2)-?(?:step|factor)|multi-?factor|\b2FA\b|\bMFA\b
    authori[sz]ation code|no=1001256  # QQ, and its page about it
    parol prilozheniya  # Mail.ru
"""
BROWSER: t.Final = r"""
    (?:log|sign) ?in (?:via|with|through|using|to) (?:your |a |the )?web ?(?:browser|mail|interface|site)
    (?:log|sign) ?in (?:to your account )?(?:via|with|through|using) (?:your |a )?browser
    Web ?Login ?Required  # Gmail
    accept (?:the )?EULA|use web for sending|not a robot|captcha  # Yandex
"""
LOGIN_SWITCHED_OFF: t.Final = r"""
    (?:SmtpClientAuthentication|basic auth\w*|legacy auth\w*|SMTP AUTH\w*) <off>
    passwords?[- ](?:based )?(?:auth\w*|log ?-?ins?|sign-?ins?) <off>
    SMTP(?: access| service| protocol| login| submission)?(?: for [^.]{1,60}?)? <off>
    SmtpClientAuthentication  # Microsoft 365, in any language
    (?:not|n't|no longer) (?:allow|include|permit|provide|support)\w* (?:\w+ ){0,3}SMTP\b(?! auth)
    (?:premium|paid) (?:feature|plan|account|subscription|service)|upgrade your (?:plan|account)
    security defaults|conditional access|not meet the criteria to be authenticated  # Microsoft 365
    less[- ]secure app
    access rights to this service  # Yandex
    user has no permission  # 163 and 126
    (?:external|third[- ]party|mail|e-?mail) (?:clients?|programs?|apps?|applications?|access)… <off>  # Mail.ru, GMX
    (?:XOAUTH2?|OAuth ?2?(?:\.0)?|modern auth\w*) (?:authentication |token )?(?:is )?(?:required|mandatory|only)
    (?:use|requires?|supports?|only) (?:XOAUTH2?|OAuth ?2?|modern auth)
    not (?:allowed|enabled|authori[sz]ed) (?:to use|for) SMTP
    \bno (?:SMTP|SMTP AUTH|external|mail client) (?:access )?(?:is )?<allowed>
    IMAP (?:is )?disabled
    \b(?:POP3?|IMAP)\b(?: \w+){0,3} (?:not|n't) (?:yet )?(?:enabled|activated|switched on|allowed)
"""
LOGIN_NOT_OFFERED: t.Final = r"""
    auth\w* (?:is |command )?(?:not|isn't) (?:allowed|available|enabled|supported|advertised|offered)
    AUTH command used when not advertised  # Exim
"""
MECHANISM_NOT_OFFERED: t.Final = r"""
    \bmechanism\b
    (?:unrecogni[sz]ed|unsupported|unknown|invalid) auth\w* (?:type|method|scheme)
    auth\w* (?:type|method|scheme)… not
"""
TOO_MANY_LOGINS: t.Final = r"""
    too (?:many|much) (?:\w+ ){0,4}(?:log ?ins?|auth\w*|passwords?|credentials?)\b
    (?:log ?in|auth\w*) (?:rate|attempts?|failures?) (?:limit )?(?:exceed|reached)
    max\w* (?:\w+ ){0,2}(?:log ?in|auth\w*) (?:attempts|failures|limit)
"""
LOGIN_TROUBLE: t.Final = r"""
    temporar|connection (?:to|lost)|internal (?:server )?error|back-?end|database|storage server|service failure
"""
ACCOUNT_BLOCKED: t.Final = r"""
    <own>(?: \w+)? (?:account|user|domain|key|server|stream)\b… <stopped>
    sending (?:has been |is |was )?(?:currently )?(?:suspended|paused|disabled|blocked)  # Amazon SES
    activate your|allowed to send: [^.\n]{0,40}disabled  # Mailgun
    trial accounts? (?:can|may) (?:only|not)|(?:mail|e-?mail) server (?:has been |is )?suspended  # MailerSend, Postal
    outgoing mail (?:suspension|from… suspended)  # cPanel
    unusual (?:sending )?activity|outgoing (?:mail )?blocked  # Zoho, Microsoft
    bad outbound sender|tenant has exceeded|spam abuse detected|outbound ?spam  # Microsoft 365
    spammer account|no credits|out of credits|insufficient (?:credits|funds|balance)
"""
ACCOUNT_BLOCKED_AT_LOGIN: t.Final = r"""
    (?:account|user(?:name)?|mail ?box|domain|credentials?)\b… <stopped>
    (?:disabled|suspended|locked|blocked|inactive) (?:account|user|mail ?box)
    not (?:yet )?(?:been )?(?:activated|approved)
"""
LOGIN_REQUIRED: t.Final = r"""
    (?:auth\w*|log-?in|log in|credentials)(?: \w+){0,2} <required>
    not (?:yet |been )?authenticated|not logged[- ]in
    (?:requires?|needs?|must|please|turn on) (?:\w+ ){0,3}(?:SMTP[- ]?)?auth(?!\w+ed (?:user|sender|account|as\b))
    (?:requires?|needs?|must|please|turn on) (?:\w+ ){0,3}(?:SMTP[- ]?)?log ?-?in\b
    (?:enable|have to|issue an?) (?:\w+ ){0,3}(?:SMTP[- ]?)?(?:auth|log ?-?in\b)
    unauthenticated (?:senders?|users?|clients?|connection|access|relay)
    (?:authenticate|AUTH|authentication|log ?in) (?:command )?(?:first|before)
    check (?:for )?(?:your )?(?:new )?mail|POP before SMTP
    anonymous (?:mail|users?|access|sen)
"""
