# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page on failed test sends lists every cause with the words that a result has for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._mail.smtp_advice import WEBITEL_FIELDS, explained
from ansible_collections.mailfleet.email.plugins.module_utils._mail.smtp_diagnosis import STAGE_OF, SmtpFailure
from ansible_collections.mailfleet.email.plugins.module_utils._mail.smtp_reply import NO_REPLY

PAGE = Path(__file__).parents[2] / "docs" / "smtp_errors.md"


def listed() -> dict[str, str]:
    """The rows of the table by their cause, each put together as the advice is."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if "| `" in line]
    return {cause.strip("`"): f"{stage.strip('`')}: {meaning}. {advice}." for stage, cause, meaning, advice in rows}


def test_all_causes_are_listed() -> None:
    assert list(listed())[1:] == list(STAGE_OF)


@pytest.mark.parametrize("cause", STAGE_OF)
def test_a_row_says_what_a_result_says(cause: str) -> None:
    failure = SmtpFailure(STAGE_OF[cause], cause, NO_REPLY)
    assert listed()[cause] == f"{STAGE_OF[cause]}: {explained(failure, WEBITEL_FIELDS)['advice']}"
