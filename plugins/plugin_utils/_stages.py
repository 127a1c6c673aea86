# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stages of a play: whether what was given is what Ansible takes for them, and means what it looks like.

Ansible breaks off with a bug of its own where it cannot read them, and does all hosts at once for 0, less than 0 and an
empty list.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import Problem

_STAGE = re.compile(r"0{0,9}[1-9][0-9]{0,9}|0{0,9}([1-9][0-9]?|100)%", re.ASCII)
_PERCENTAGE = re.compile(r"(100(\.0*)?|[0-9]{1,2}(\.[0-9]*)?)%?", re.ASCII)
_STAGE_WORDS: t.Final = 'a number of hosts from 1, or a part of them such as "10%"'


def problems_of_stages(serial: object, max_fail_percentage: object) -> list[Problem]:
    """What is wrong with the `serial` and the `max_fail_percentage` of a play; `None` is right for both."""
    problems = []
    if isinstance(serial, list):
        if not serial:
            problems.append(Problem("serial", "must name a stage at least, and is an empty list"))
        problems += [
            Problem(f"serial[{number}]", f"must be {_STAGE_WORDS}")
            for number, stage in enumerate(serial)
            if not _is(_STAGE, stage)
        ]
    elif serial is not None and not _is(_STAGE, serial):
        problems.append(Problem("serial", f'must be {_STAGE_WORDS}, or a list of such as [1, "10%", "100%"]'))
    if max_fail_percentage is not None and not _is(_PERCENTAGE, max_fail_percentage):
        problems.append(Problem("max_fail_percentage", "must be a number from 0 to 100"))
    return problems


def problems_of_unseen(options: t.Iterable[str]) -> list[Problem]:
    """What is wrong with stages that only the variables of hosts name, of which a play sees none."""
    return [
        Problem(option, "must be an extra variable (-e): a play does not look at those of its hosts")
        for option in options
    ]


def _is(form: re.Pattern[str], given: object) -> bool:
    # Ansible takes a boolean for 1 or 0.
    fits = isinstance(given, (str, int, float)) and not isinstance(given, bool)
    return fits and form.fullmatch(str(given)) is not None
