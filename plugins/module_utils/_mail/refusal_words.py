# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words about senders, recipients and messages that mail servers use, in English; `phrases` says how to read them.

Without a name beside it, a phrase is used by several systems. `reply_words` says in which order they are tried.
"""

from __future__ import annotations

import typing as t

SENDING_LIMIT: t.Final = r"""
    <sent>(?: \w+){0,4} (?:limit|quota|rate|threshold|cap)s?\b(?: [\w<>]{1,40}){0,3} (?:exceeded|reached|hit|used up)
    exceed\w* (?:the |your |its |their )?(?:\w+ ){0,5}(?:sending|messages?|emails?|mails?)\b
    exceed\w* (?:the |your |its |their )?(?:\w+ ){0,5}(?:daily|hourly|rate|recipients?)\b
    exceed\w*…\b(?:limits?|quota|threshold)\b
    reached (?:the |your |its )?(?:\w+ ){0,4}limit|number of (?:messages|e-?mails|mails|recipients)… exceed
    max\w* (?:\w+ ){0,2}(?:credits|sending rate|messages?|recipients|emails|defers)\b
    \brate of (?:\w+ ){0,2}(?:messages|e-?mails|mails|mail)\b… (?:exceeded|surpassed|too high)
    throttl|rate[- ]?limit|frequency limited|sending too (?:fast|many)|(?:sent|send) too many
    too many (?:messages|mails|e-?mails|recipients|sends|transactions|requests)|excessive volume
"""
CLIENT_NAME: t.Final = r"""
    helo command rejected|need fully-qualified hostname  # Postfix
    <helo>…(?:inv[aá]lid|ungültig|incorrect|reject|syntactic|not |n't)
    <helo>…(?:denied|should|must be|mismatch)
    <helo>…(?:contains? no|has no|without|IP address)
    <helo>…(?:bad\b|forged|bogus|does|resol|requires (?:valid )?domain)
    (?:invalid|bad|bogus|forged|rejected|illegal|unqualified|empty)(?: or missing)? (?:HELO|EHLO)\b
"""
SENDER_NARROW: t.Final = r"""
    sender address \[[^\]]{0,320}\] blocked  # Postfix
    (?:sender|from|e-?mail) (?:address |domain )?(?:is |has been |was )(?:listed|black-?listed|block-?listed)
    relaying (?:is )?disallowed as|sender is not allowed to relay  # Zoho
    sender(?:'s)? (?:domain|address) (?:is )?not (?:registered|verified|configured)
    (?:unresolvable|invalid) RFC\.?5321  # Yahoo
    sender (?:address )?(?:callout )?verif\w+ (?:failed|error)|verification failed for  # Exim
    mail ?from…(?:same|equal|match)  # QQ, 163 and 126
    DNS check failed  # QQ
    authentication for specified  # Apache James
    sandbox (?:sub)?domains?  # Mailgun
    from/sender  # Postal
"""
DOMAIN_AUTHENTICATION: t.Final = r"""
    \b(?:DMARC|DKIM|SPF)\b|openspf|sender policy framework|domainkeys
    sender is unauthenticated|unauthenticated (?:e-?mail|mail|message)
    (?:pass|fail\w*|meet)(?: \w+){0,3} (?:authentication|authentication checks|authentication level)\b
    anti-?spoof|spoofed
"""
TOO_MANY_CONNECTIONS: t.Final = r"""
    too many (?:\w+ ){0,4}(?:connections?|sessions?|clients|processes)
    (?:connections?|sessions?)(?: \w+){0,3} (?:limit|exceed)|maximum (?:\w+ ){0,3}(?:connections|sessions)
    sender thread limit  # Microsoft 365
    connects? too (?:fast|often)|too frequent connect
"""
CLIENT: t.Final = r"""
    client (?:host|address|ip)\b|blocked (?:using|by|at|on)\b|listed (?:at|in|on|by)\b
    found (?:in|on) (?:\w+ ){0,4}(?:DNSBL|RBL)
    black[- ]?list|block[- ]?list|\bRBL\b|DNSBL|spamhaus|spamcop|barracudacentral|sorbs\.net|cloudmark|abuseat
    banned sen(?:ding|der ?\[)|\bS3\d{3}\b|\b(?:OU|SC|DY|RP)-00\d  # Microsoft
    \[?(?:BL|TSS|IPTS)\d\d\]?  # Yahoo
    \bPTR\b|reverse[- ]?(?:dns|lookup|hostname)|\brDNS\b|cannot find your|generic (?:dns|hostname)
    unverifyable sending|too many spams from  # Free
    (?:poor|bad|low|ip) reputation
    \b<ip>\b[^\n]{0,80}?\b<turned away>
    (?:blocked|reject\w*|refused|denied|unauthori[sz]ed) (?:\w+ ){0,3}(?:ip|ips)\b
    dynamic(?:ally)? screen  # MDaemon
    (?:mail|messages?|connections?) from \[?\d{1,3}(?:\.\d{1,3}){3}\]?… <turned away>
    not (?:allowed|authorized) to connect|hosts? not (?:allowed|trusted)
    (?:not|\bno longer) (?:accept|tak)\w* (?:\w+ ){0,2}connections? from\b
    access from [^\n]{1,60} (?:denied|rejected|not)
    (?:deferred|rejected) due to (?:unexpected volume|user complaints)
    your (?:host|server|location|access to (?:this|submit))\b
"""
RELAYING: t.Final = r"""
    \brelay\w*\b…(?:<refused>|<not> <allowed>|\bno\b)
    (?:<not>|cannot|unable to|do not|we)(?: \w+){0,4} relay
    (?:required|necessary|needed) (?:for|to) relay|(?:denied|refused|rejected) relay|credentials for relay
    to relay\b
    relay(?:ing)? (?:access|through|from|of)\b|open relay|as a relay
    rcpthosts|user not local|not? (?:a )?local (?:domain|user)|non-local|not a gateway
    delivery is not allowed to this address  # hMailServer
    (?:accept|handle|deliver) (?:e-?)?mail for\b  # Haraka
"""
SENDER: t.Final = r"""
    send(?:ing)? as\b|SendAs|on behalf of|sender address rejected
    (?:verified|verify|unverified) (?:sender|domain|from)|sender (?:identity|signature|verif)
    (?:owned|allowed|permitted|authori[sz]ed)(?: \w+){0,3} (?:to send|to use|to perform|by (?:auth )?user)
    (?:authorised|able)(?: \w+){0,3} (?:to send|to use|to perform|by (?:auth )?user)
    (?:owned|allowed|permitted|authori[sz]ed|authorised|able)(?: \w+){0,3} (?:for user|as sender)
    (?:identit\w+|domain|sender)… (?:is |are |was )?not (?:been )?(?:verified|confirmed|validated|registered|approved)
    (?:domain|sender|address) must (?:first )?be (?:verified|validated|confirmed|registered)
    (?:e-?mail address|address)… (?:is |are |was )?not (?:been )?(?:verified|confirmed|validated|registered)
    mail ?from…(?:not|invalid|reject|denied|must)|badmailfrom|envelope[- ]sender
    (?:from|sender)(?: \w+){0,3} (?:must|should|does not|doesn.t|do not) (?:be|match|correspond|belong)
    (?:from|sender)(?: \w+){0,2} (?:is|are|was) not (?:valid|allowed|permitted|authori[sz]ed|accepted|verified)
    (?:manually|user) block|blocked senders?\b  # Mimecast
    address (?:differ|mismatch|must match)|domain of sender|(?:unconfigured|unregistered) (?:sending )?domain
    sender(?:'s)? (?:address|domain|e-?mail)\b…(?:unknown|invalid|reject|not\b|denied|refused)
    sender (?:domain )?(?:must|not\b(?! yet| given| specified)|denied|refused|blocked|invalid|unknown)
    (?:invalid|bad|unknown|unauthori[sz]ed|unroutable|illegal|inexistent) (?:envelope )?sender
"""
MAILBOX_FULL: t.Final = r"""
    over ?-?quota|out of storage|(?:mail ?box|inbox|account|disk|storage)\b… full
    (?<!limit of )mail ?box\b(?! unavailable)(?!…(?:hourly|daily|rate|sending|outgoing))…(?:exceed|quota|limit)
    exceed\w*…(?:storage|mail ?box)
"""
MAILBOX_DISABLED: t.Final = r"""
    (?:mail ?box|account|user|recipient|address)\b…(?:disabled|inactive|suspended|deactivated)
    (?:mail ?box|account|user|recipient|address)\b…(?:expired|closed|not active)
    (?:mail ?box|account|user|recipient|address)\b…(?:locked|blocked|archived|no longer (?:valid|active))
    (?:disabled|inactive|suspended|expired|closed) (?:mail ?box|account|user|recipient)
"""
RECIPIENT_UNKNOWN: t.Final = r"""
    <unknown>[ -](?:or \w+ )?(?:local |e-?mail )?(?:user|recipient|mail ?box|account|address|person|local[- ]part)
    <unknown>[ -](?:or \w+ )?(?:virtual|destination|alias|id\b)
    <box>\b…(?:does ?(?:n't| not) exist|(?:was |is )?not (?:found|exist|known|present|valid|recogni[sz]ed)|unknown)
    <box>\b…(?:(?:is |as )invalid|unrecogni[sz]ed|undeliverable|couldn't be found|unavailable|no longer on)
    does(?:n't| not) have an? (?:\S{1,80} )?account|no longer valid
    not in (?:the |our )?(?:recipient|directory|address|list)
    no mail-?box|null ?MX|no one at this|not a valid (?:user|mailbox|address)|not our customer|unrouteable
    host (?:or domain )?name not found|5\.4\.1 [^\n]{0,120}access denied  # the latter Microsoft 365
"""
RECIPIENT_BUSY: t.Final = r"""
    receiving mail (?:too|at a rate)  # Gmail, Yahoo
"""
GREYLISTED: t.Final = r"""
    gr[ae]y-?list|address verification in progress  # the latter Postfix
"""
MESSAGE_TOO_LARGE: t.Final = r"""
    (?:message|mail|e-?mail|data|attachment|header)s?\b(?: \w+){0,3} (?:size|length|file)\b…(?:exceed|too|large)
    size (?:of (?:the|your) \w+ )?(?:limit )?exceed|maximum (?:e-?mail |message )?size|message size|exceed\w*… size
    \btoo (?:big|large)\b|too much mail data|databytes|size limit
"""
LISTED_CONTENT: t.Final = r"""
    (?:message|mail|e-?mail|content|attachment)s? contains? (?:an? )?(?:\w+ )?(?:spam|virus|malware|phish)
    (?:message|mail|e-?mail|content)s?(?: \w+){0,3} (?:detected|identified|classified|marked) as (?:\w+ )?spam
    \b(?:URL|URI|link|body|content)s?\b[^\n]{0,80} (?:is |are )?(?:black-?)?listed|uribl|surbl
"""
MESSAGE_REFUSED: t.Final = r"""
    \bspam\b|junk|virus|malware|phish|attachment|content|unsolicited
    policy|policies|compliant|header|\bhops\b|looping
    (?:message|mail|e-?mail)(?: \w+){0,3} (?:reject|refus|block|denied|suspicious|malformed|not accepted)
    DT:SPM|PH01|RFC ?-?5322  # 163 and 126, Yahoo
"""
SENDER_LOOSE: t.Final = r"""
    \bsender\b|\bfrom[: ](?:address|header|field|domain)|\bvalid from\b
"""
RECIPIENT_LOOSE: t.Final = r"""
    \brecipient
"""
CLIENT_LOOSE: t.Final = r"""
    \bblocked\b|\bIP[=:]|\?ip=
"""
TROUBLE: t.Final = r"""
    temporar|internal (?:server )?error|too busy|server (?:is )?busy|overload|insufficient|lookup failure
    try again|later
    (?:service|server|system)… (?:unavailable|not available|problem|failure)|local error|configuration
"""
