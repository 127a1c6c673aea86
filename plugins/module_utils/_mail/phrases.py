# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the words of servers and libraries are written down: phrases as patterns, one or more a line.

A line is a regular expression. `…` is a gap within a sentence, a name in angle brackets one of `_SETS`, and what
follows two spaces and `#` is a remark. All gaps are bounded, so no text takes long to read.
"""

from __future__ import annotations

import functools
import re
import typing as t
from dataclasses import dataclass

_GAP = r"(?:[^.\n]|\.(?=\S)){0,60}?"
_SETS: t.Final = {
    "<required>": r"(?:is |are )?(?:required|needed|necessary|mandatory)",
    "<refused>": r"(?:denied|disallowed|prohibited|refused|rejected|forbidden|blocked|restricted)",
    "<allowed>": r"(?:allowed|permitted|authori[sz]ed|accepted|enabled|supported|available|possible)",
    "<not>": r"(?:n't|\bnot|no longer)",
    "<off>": (
        r"(?:is |are |has been |was )?(?:currently |temporarily )?(?:disabled|blocked|turned off|switched off|denied"
        r"|restricted|rejected|(?:not|no longer) <allowed>)"
    ),
    "<stopped>": (
        r"(?:locked|suspended|deactivated|disabled|blocked|paused|banned|terminated|inactive|restricted"
        r"|under (?:review|validation|investigation)"
        r"|expired|not (?:yet )?(?:been )?(?:activated|active|approved))\b"
    ),
    "<helo>": r"\b(?:HELO|EHLO)\b(?! first| requires auth| please| or mail)",
    "<own>": r"(?:your|smtp|sender|sender's|sending|mailgun|trial)",
    "<sent>": (
        r"(?:sending|send|submission|messages?|e-?mails?|mails?|daily|hourly|monthly|recipients?|relay|rate|outgoing"
        r"|smtp|credits?|sent|user|per (?:hour|day|minute))"
    ),
    "<ip>": r"(?:ip|ips|ip address(?:es)?|ipv[46]|network|host network|netblock)",
    "<turned away>": (
        r"(?:blocked|\blisted|reject\w*|refused|denied|forbidden|banned|restricted|dynamic|unauthori[sz]ed|gesperrt|abgelehnt"
        r"|not? (?:be )?(?:allow\w*|authori[sz]ed|permitted|whitelisted|in whitelist|accept\w*)"
        r"|bloqu\w*|rejeitad\w*|заблокир\w*)"
    ),
    "<box>": r"(?:user|recipient|subscriber|mail ?box|account|address|alias|domain)",
    "<unknown>": r"(?:unknown|no such|invalid|bad|non-?existent|unrout\w+|inexistent\w*|illegal)",
    "<romance>": (
        r"(?:usu[aá]rio|utente|utilisateur|destinatári[oa]|destinatario|destinataire"
        r"|caixa(?: postal)?|conta|cuenta|buzón)"
    ),
}


@dataclass(frozen=True)
class Rule:
    """A cause, its words, and the commands after which they mean it; all of the cause's own where that is `None`."""

    cause: str
    phrases: tuple[str, ...]
    commands: tuple[str, ...] | None = None

    def fits(self, text: str) -> bool:
        """Whether the words are in a text."""
        return bool(_pattern(self.phrases).search(text))


Rules = tuple[Rule, ...]


def rule(cause: str, *phrases: str, commands: tuple[str, ...] | None = None) -> Rule:
    """A line of a table: a cause, its phrases, and after which commands alone they count."""
    return Rule(cause, phrases, commands)


@functools.cache
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """The phrases as one pattern. Made when it is needed: all together take as long as a module does."""
    lines = (line.partition("  #")[0].strip() for text in phrases for line in text.splitlines())
    pattern = "|".join(filter(None, lines))
    while any(name in pattern for name in _SETS):
        for name, words in _SETS.items():
            pattern = pattern.replace(name, words)
    return re.compile(pattern.replace("…", _GAP), re.IGNORECASE)
