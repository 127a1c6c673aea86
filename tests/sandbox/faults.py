# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scripted answers: what the next matching vendor request gets instead of the real answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from .encodings import echo

if TYPE_CHECKING:
    from collections.abc import Mapping


class Fault(BaseModel):
    """One scripted answer. ``path`` is the beginning of the path with its query, with or without ``/engine``."""

    model_config = ConfigDict(extra="forbid")

    method: str | None = Field(None, description="Any method where it is left out.")
    path: str = "/"
    skip: int = Field(0, ge=0, description="How many matching requests are answered for real first.")
    times: int = Field(1, ge=1, description="How many requests get the scripted answer.")
    status: int = Field(500, ge=100, le=599)
    headers: dict[str, str] = Field(default_factory=dict)
    body: str = ""
    echo: str = Field("", description="In place of a body: repeat what was sent, in this form of `encodings.FORMS`.")
    after: bool = Field(False, description="Do what the request asks for, and only then answer as scripted.")

    def matches(self, method: str, path: str) -> bool:
        """Say whether a request is one of those this fault is for."""
        if self.method is not None and self.method != method:
            return False
        return path.startswith(self.path) or path.removeprefix("/engine").startswith(self.path)

    def answer_to(self, headers: Mapping[str, str], body: bytes) -> bytes:
        """Return the body of the scripted answer to a request."""
        return echo(headers, body, self.echo) if self.echo else self.body.encode()


def take_fault(faults: list[Fault], method: str, path: str) -> Fault | None:
    """Return the fault that answers this request, if any, and count it; used-up faults leave the list."""
    for fault in faults:
        if not fault.matches(method, path):
            continue
        if fault.skip:
            fault.skip -= 1
            continue
        fault.times -= 1
        if not fault.times:
            faults.remove(fault)
        return fault
    return None
