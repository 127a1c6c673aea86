# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SMTP settings of a Webitel domain: their fields, what may be asked of them, how desired and live make a plan.

A record has the wire's own shape, less `_id` and `domain`, which are the server's, and with its secrets wrapped.
"""

from __future__ import annotations

import typing as t
from functools import cache

from ..._engine import schema, secret
from ..._engine.plan import Plan, empty_problem, plan_absent, plan_present, without_none
from ..._engine.schema import Problem
from ..._engine.secret import Known, Record, Secret
from ..._engine.secret_fields import hidden_fields
from ..._engine.shown import quoted
from ..._resource.interface import Params
from ..._resource.typed import doubts
from .known_types import typed_extra
from .nodemailer import login_problems, port_warnings, reading_problems, transport_of
from .shown_fields import SHOWN
from .storable import storing_problems

if t.TYPE_CHECKING:
    import voluptuous


def desired_record(params: Params, known: Known = SHOWN) -> Record:
    """The record that the options describe; what is not given is not in it. Of its texts those `known` may be shown."""
    options = params.get("options") or {}
    auth, tls = options.get("auth") or {}, options.get("tls") or {}
    transport = {
        **{name: options.get(name) for name in ("host", "port", "secure", "debug")},
        "tls": _known({"rejectUnauthorized": tls.get("reject_unauthorized")}),
        "auth": _known({"user": auth.get("user"), "pass": auth.get("pass")}),
    }
    transport = {name: value for name, value in transport.items() if value is not None and value != {}}
    record = _known({name: params.get(name) for name in ("provider", "description", "from")})
    if params.get("options") is not None:
        record["options"] = _with_extra(transport, typed_extra(params).data)
    return t.cast(Record, secret.wrap(record, known))


def secrets_of(params: Params) -> list[str]:
    """The secret texts of the described record, those in `extra` among them."""
    return secret.texts(desired_record(params))


def _known(fields: Record) -> Record:
    return {name: value for name, value in fields.items() if value is not None}


def _with_extra(transport: Record, extra: Record) -> Record:
    combined = dict(transport)
    for name, value in extra.items():
        current = combined.get(name)
        both = isinstance(current, dict) and isinstance(value, dict)
        combined[name] = _with_extra(t.cast(Record, current), value) if both else value
    return combined


_NAMED_OPTIONS: t.Final = {
    ("host",): "options.host",
    ("port",): "options.port",
    ("secure",): "options.secure",
    ("debug",): "options.debug",
    ("tls", "rejectUnauthorized"): "options.tls.reject_unauthorized",
    ("auth", "user"): "options.auth.user",
    ("auth", "pass"): "options.auth.pass",
}


@cache
def _input_schema() -> voluptuous.Schema:
    from voluptuous import ALLOW_EXTRA, Schema

    auth = Schema({"user": schema.one_line, "pass": schema.password}, extra=ALLOW_EXTRA)
    options = Schema({"host": schema.host, "port": schema.port, "auth": auth}, extra=ALLOW_EXTRA)
    return Schema(
        {"domain": schema.domain, "provider": schema.one_line, "from": schema.sender, "options": options},
        extra=ALLOW_EXTRA,
    )


def input_problems(params: Params) -> list[Problem]:
    """What is wrong with the described record, as far as it shows without the live one."""
    options = params.get("options") or {}
    problems = schema.problems_of(without_none(dict(params)), _input_schema())
    for path, option in _NAMED_OPTIONS.items():
        if _has(options.get("extra") or {}, path):
            problems.append(Problem("options.extra." + ".".join(path), f"has an option of its own: give {option}"))
    problems += [
        Problem(f"options.extra.{name}", "must be a mapping")
        for name in ("auth", "tls")
        if _hides_a_named_option(options, name)
    ]
    # Ansible fills a mapping up with nulls, so one without any option is not empty.
    if params.get("replace") and params.get("state") == "present" and not desired_record(params).get("options"):
        problems.append(Problem("options", "are needed with replace, since nothing else would be left"))
    return problems + reading_problems(params) + storing_problems(params) + list(typed_extra(params).problems)


def _hides_a_named_option(options: t.Mapping[str, t.Any], name: str) -> bool:
    """Whether `extra` has something in the place of a group of options that is none; a null removes the group."""
    extra = options.get("extra") or {}
    return name in extra and not isinstance(extra[name], dict) and bool(extra[name] is not None or options.get(name))


def _has(extra: t.Any, path: tuple[str, ...]) -> bool:
    if not isinstance(extra, dict) or path[0] not in extra:
        return False
    return len(path) == 1 or _has(extra[path[0]], path[1:])


def make_plan(params: Params, live: Record | None, desired: Record) -> Plan:
    """What has to be done about one domain's settings; `live` is `None` where it has none."""
    if params["state"] == "absent":
        return plan_absent(live)
    if live is not None and params["update_password"] == "on_create":
        desired = _with_live_password(desired, live)
    host = transport_of(live).get("host")
    if _same_host(transport_of(desired).get("host"), host):
        desired = {**desired, "options": {**desired["options"], "host": host}}
    return plan_present(live, desired, replace=params["replace"])


def _same_host(wanted: t.Any, live: t.Any) -> bool:
    """Whether two names of a server are spelled otherwise and mean the same: a server may store them in lower case."""
    return isinstance(wanted, str) and isinstance(live, str) and wanted != live and wanted.lower() == live.lower()


def _with_live_password(desired: Record, live: Record) -> Record:
    """The desired record with the live password, in place of one that is to be set on creation only."""
    auth = transport_of(desired).get("auth") or {}
    if not isinstance(auth, dict) or "pass" not in auth or is_text(live):
        return desired
    kept = {**auth, "pass": password_of(live)}
    return {**desired, "options": {**desired["options"], "auth": _known(kept)}}


def password_of(record: Record | None) -> t.Any:
    """The SMTP password of a record: a secret, `""` or `None`."""
    auth = transport_of(record).get("auth")
    return auth.get("pass") if isinstance(auth, dict) else None


def is_text(record: Record | None) -> bool:
    """Whether the transport of a record is one secret text, a URL such as `smtp://user:password@host`."""
    return isinstance((record or {}).get("options"), Secret)


def plan_warnings(params: Params, plan: Plan) -> list[str]:
    """What a user should look at before a plan is carried out."""
    wanted, live = (params.get("options") or {}).get("host"), transport_of(plan.before).get("host")
    spelled = (
        f"options.host: {quoted(wanted)} is described, and the server stores {quoted(live)}, which means the same and "
        "is left so; describe the value that is stored"
    )
    found = [spelled] if plan.after is not None and _same_host(wanted, live) else []
    if plan.changed and plan.after is not None:
        options = params.get("options") or {}
        # The other one may be live: half a move from one port to another is a slip.
        is_asked_for = options.get("port") is not None or options.get("secure") is not None
        found += [*doubts(typed_extra(params)), *(port_warnings(transport_of(plan.after)) if is_asked_for else [])]
    return found


def plan_problems(_params: Params, plan: Plan, _desired: Record) -> list[Problem]:
    """Why a plan must not be carried out: what a creation lacks, what an update would destroy."""
    if plan.after is None or not plan.changed:
        return []
    if plan.before is None:
        if not plan.after.get("options"):
            return [Problem("options", "are needed, since the domain has no settings yet")]
        return [*_empty_at_creation(transport_of(plan.after)), *login_problems(plan.after)]
    if is_text(plan.before) and not is_text(plan.after) and not plan.exact:
        message = "are a text on the server, a URL with everything in it: give all of them, and replace=true"
        return [Problem("options", message)]
    return login_problems(plan.after) + [
        Problem(
            field,
            "the server does not show the secret that it stores, and an update replaces the whole record, so changing "
            f"{', '.join(plan.changed_fields)} would destroy it; give it too, with update_password=always "
            "(or, to store none, options.extra.auth=null)",
        )
        for field in hidden_fields(plan.after)
    ]


def _empty_at_creation(transport: Params) -> list[Problem]:
    """What is empty of a new transport: mostly a look-up that found nothing, and the login would silently be none."""
    login = transport.get("auth")
    values = {"host": transport.get("host")}
    if isinstance(login, dict):
        values |= {f"auth.{name}": login.get(name) for name in ("user", "pass")}
    empty = "is empty: give it, or leave it out"
    return [Problem(f"options.{name}", empty) for name, value in values.items() if value == ""]


def empty_problem_at(path: str) -> Problem:
    """What to say of an empty text that an update would put in the place of something."""
    name = path.partition("options.")[2]
    if not name:
        return empty_problem(path)
    option = _NAMED_OPTIONS.get(tuple(name.split(".")))
    if option is None:
        return empty_problem(f"options.extra.{name}", ", or null to remove it")
    return empty_problem(option, ", or options.extra.auth=null to remove the login" if name.startswith("auth.") else "")


def sent_fields(params: Params, desired: Record, live: Record | None) -> Record:
    """What of a plan's outcome the user described: the fields that the server has to store."""
    return t.cast(Record, _shaped(make_plan(params, live, desired).after, desired))


def _shaped(record: t.Any, shape: t.Any) -> t.Any:
    if not isinstance(shape, dict) or not isinstance(record, dict):
        return record
    return {name: _shaped(record[name], value) for name, value in shape.items() if name in record}
