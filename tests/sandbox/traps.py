# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways in which real servers may differ, each a switch with the friendliest behaviour as its default."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Switch = Literal["off", "on"]
PasswordDisplay = Literal["clear", "mask", "blank", "omit"]

PASSWORD_MASK = "********"


class Traps(BaseModel):
    """All switches. What an answer shows never changes what is stored, unless a switch says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    webitel_passwords: PasswordDisplay = Field("clear", description="How answers show `options.auth.pass`.")
    webitel_normalise: Literal["off", "on", "texts"] = Field(
        "off",
        description="on: store `options.host` lower-cased, `options.port` as a string; texts: all texts but the "
        "password lower-cased, in one form of Unicode, without blanks around and a dot at the end, numbers as texts.",
    )
    webitel_unchanged: Literal["stored", "not_found"] = Field(
        "stored", description="Whether a PUT of exactly what is stored is done, or answered with 404."
    )
    webitel_domains: Literal["info", "data"] = Field("info", description="The name that holds the list of domains.")
    webitel_second_factor: Switch = Field("off", description="Root's login needs `?code=` with the login code.")
    webitel_dropped: Literal["silence", "error"] = Field(
        "silence", description="What a test answers where the mail server drops the connection: nothing, or an error."
    )
    webitel_silence_seconds: float = Field(60, ge=0, le=600, description="How long such a test tries again.")
    itflex_templates: Literal["list", "missing", "forbidden"] = Field(
        "list", description="What the templates answer: a list, 404 of a server without them, or 403."
    )
    itflex_passwords: PasswordDisplay = Field("clear", description="How answers show `password`.")
    itflex_put_without_password: Literal["clear", "keep"] = Field(
        "clear", description="Whether a PUT without `password` loses the stored one or keeps it."
    )
    itflex_auth_field: Literal["has_auth", "hash_auth"] = Field(
        "has_auth", description="The name of the authentication flag, in answers and in requests."
    )
    itflex_unknown_fields: Literal["ignore", "reject"] = Field("ignore", description="What happens to unknown fields.")
    itflex_auth_required: Switch = Field("on", description="off: a POST without the flag stores `false`.")
    itflex_default: Literal["unmade", "kept"] = Field(
        "unmade", description="Whether making one account the default un-makes the other."
    )
    itflex_token_seconds: int = Field(900, ge=0, description="The life of an access token that is fetched.")
    itflex_rotate_refresh: Switch = Field("off", description="Each refresh replaces the refresh token.")
    itflex_unique_name: Switch = Field("on", description="A second account of the same name is refused with 409.")
    itflex_port: Literal["int", "string"] = Field("int", description="The type of `smtp_port` in answers.")
    itflex_absent: Literal["null", "empty", "omit"] = Field("null", description="How answers show absent fields.")
    itflex_extra: Switch = Field("off", description="Answers carry additional fields.")
    itflex_normalise: Switch = Field("off", description="Store `email` lower-cased.")
    itflex_shuffle: Switch = Field("off", description="Fields and lists come in any order.")
    webitel_cloud_error_body: Literal["webitel", "message", "grpc"] = Field(
        "webitel", description="The form of errors: the engine's, or the gateway's with a text or the engine's in it."
    )
    webitel_cloud_error_status: Literal["code", "grpc", "500"] = Field(
        "code", description="The HTTP status of errors: their `code`, 500 instead of 404, always 500."
    )
    webitel_cloud_licences: int = Field(1_000_000, ge=0, description="How many profiles may be enabled.")
    webitel_cloud_passwords: Literal["hidden", "clear"] = Field(
        "hidden",
        description="clear, before 24.04: answers about one profile show `password`; PUT without it erases it.",
    )
    webitel_cloud_replica: Literal["current", "behind"] = Field(
        "current", description="behind: reads see nothing that is written from now on, until they catch up."
    )
    webitel_cloud_unknown_keys: Literal["drop", "refuse"] = Field(
        "drop", description="What happens to keys of a request that the product does not know."
    )
    webitel_cloud_zero_values: Literal["omit", "show"] = Field(
        "omit", description="Whether answers show what is empty, zero or false."
    )
    delay_ms: int = Field(0, ge=0, le=60_000, description="Added to the latency of every vendor request.")

    def changed(self, changes: dict[str, object]) -> Traps:
        """Return a copy with ``changes`` applied; raise ``ValidationError`` for an unknown switch or value."""
        return Traps.model_validate({**self.model_dump(), **changes})


def parse_traps(assignments: list[str]) -> Traps:
    """Read ``NAME=VALUE`` words as the command line gives them; raise ``ValueError`` saying which one is wrong."""
    values: dict[str, object] = {}
    for assignment in assignments:
        name, separator, value = assignment.partition("=")
        if not separator:
            raise ValueError(f"{assignment!r} is not of the form NAME=VALUE")
        values[name] = value
    try:
        return Traps().changed(values)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise ValueError(problems) from error
