# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""test_send_summary: what the role test_send hands to its loops, and makes of what they answer; on the controller."""

from __future__ import annotations

import typing as t

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.mailfleet.email.plugins.module_utils._delivery.spec import EMAIL_DELIVERY_INFO
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.options import ACCOUNT
from ansible_collections.mailfleet.email.plugins.plugin_utils._controller_action import (
    ControllerAction,
    Problems,
    problems_at,
)
from ansible_collections.mailfleet.email.plugins.plugin_utils._plain_data import plain
from ansible_collections.mailfleet.email.plugins.plugin_utils._test_sends import (
    Confirmation,
    TestSend,
    add_deliveries,
    new_token,
    problems,
    problems_of_recipient,
    recipients,
    report,
)

# Ansible prints and registers what a loop goes over, so no secret may be in it; the role looks secrets up by index.
_SECRET = "password"
_ONE_OF_THESE: t.Final = {"required_one_of": [("id", "name", "email")]}
# Which messages, and since when, is said by the role itself.
_MAILBOX: t.Final = {
    **{
        name: {fact: value for fact, value in option.items() if fact not in ("default", "fallback")}
        for name, option in EMAIL_DELIVERY_INFO.argument_spec.items()
        if name not in ("since", "after", "messages")
    },
    "subaddress": {"type": "bool"},
    "accept_spam": {"type": "bool"},
}


class ActionModule(ControllerAction):
    """The plugin, under the name by which Ansible finds it."""

    argument_spec = {
        "recipient": {"type": "str", "required": True},
        "recipient_variable": {"type": "str"},
        "through_accounts": {"type": "list", "elements": "dict", "default": []},
        "from_domains": {"type": "list", "elements": "raw", "default": []},
        "confirm_delivery": {"type": "dict", "default": {}},
        "token": {"type": "str", "no_log": False},
        "answers": {"type": "list", "elements": "dict"},
        "look": {"type": "dict"},
        "fail": {"type": "bool", "default": True},
    }
    mappings = {"through_accounts": {"options": ACCOUNT}, "confirm_delivery": {"options": _MAILBOX}}
    variables = {
        "recipient": "test_send_to",
        "through_accounts": "test_send_accounts",
        "from_domains": "test_send_domains",
        "confirm_delivery": "test_send_confirm_delivery",
        "fail": "test_send_fail",
    }

    def problems(self, arguments: dict[str, t.Any]) -> Problems:
        """What is wrong with the recipient, the accounts and the mailbox, all at once, before the first message."""
        arguments = plain(arguments)
        mailbox = problems_at("confirm_delivery", arguments["confirm_delivery"], _MAILBOX, {})
        if arguments["answers"] is not None:
            return mailbox
        # As it was given: ansible-core makes a text of a list.
        recipient = {"recipient": self._task.args["recipient"]}
        found = problems_at("", recipient, {"recipient": self.argument_spec["recipient"]}, {})
        found = found or problems_of_recipient(arguments["recipient"])
        found += mailbox
        for index, account in enumerate(arguments["through_accounts"]):
            found += problems_at(f"through_accounts[{index}]", account, ACCOUNT, _ONE_OF_THESE)
        return found

    def ready(self, arguments: dict[str, t.Any]) -> dict[str, t.Any]:
        """The arguments without the tags of Ansible's templates, every secret wrapped."""
        return super().ready(plain(arguments))

    def _variables(self) -> t.Mapping[str, str]:
        """By option the variable that gave it, also that of the recipient where the task names it."""
        name = self._task.args.get("recipient_variable")
        return {**super()._variables(), **({"recipient": str(name)} if name else {})}

    def work(self, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Say where each message goes, and as soon as there are answers, what became of it."""
        del variables
        accounts = [_public_account(account) for account in arguments["through_accounts"]]
        domains = [_public_domain(domain) for domain in arguments["from_domains"]]
        confirms = bool(arguments["confirm_delivery"]) and not self._task.check_mode
        token = arguments["token"] or new_token()
        by_token = confirms and boolean(arguments["confirm_delivery"].get("subaddress") or False)
        addresses = recipients(arguments["recipient"], len(accounts) + len(domains), token if by_token else None)
        result: dict[str, t.Any] = {
            "token": token,
            "accounts": accounts,
            "domains": domains,
            "recipients": addresses,
            "confirms": confirms,
        }
        if arguments["answers"] is None:
            return result
        names = [("itflex", _name(account)) for account in accounts]
        names += [("webitel", domain["domain"]) for domain in domains]
        sends = [
            TestSend(product, name, to_email, answer, self._task.check_mode)
            for (product, name), to_email, answer in zip(names, addresses, arguments["answers"])
        ]
        return {**result, **_summary(sends, arguments, confirms=confirms)}


def _public_account(account: dict[str, t.Any]) -> dict[str, t.Any]:
    """Null means not given, and before ansible-core 2.19 a template would make an empty text of it."""
    return {name: value for name, value in account.items() if name != _SECRET and value is not None}


def _public_domain(domain: t.Any) -> dict[str, t.Any]:
    """A domain may be given by its name, or as a mapping such as the role provision takes."""
    return {"domain": domain.get("domain") if isinstance(domain, dict) else domain}


def _name(account: dict[str, t.Any]) -> str:
    return str(next((account[name] for name in ("name", "email", "id") if account.get(name) is not None), ""))


def _summary(sends: list[TestSend], arguments: dict[str, t.Any], *, confirms: bool) -> dict[str, t.Any]:
    """What became of the messages, and which of them to look for in the mailbox."""
    messages = [send.message() for send in sends if send.sent]
    look = arguments["look"]
    if look is not None:
        add_deliveries(sends, look.get("email_deliveries") or [])
    confirmation = _confirmation(arguments["confirm_delivery"], look) if confirms else None
    return {
        "results": [send.result() for send in sends],
        "messages": messages,
        "report": report(sends, confirmation),
        "problems": problems(sends, confirmation),
        "fails": arguments["fail"] and bool(problems(sends, confirmation)),
    }


def _confirmation(wanted: dict[str, t.Any], look: dict[str, t.Any] | None) -> Confirmation:
    failed = look is not None and "email_deliveries" not in look
    return Confirmation(
        wait=float(wanted.get("wait") or 60),
        accept_spam=boolean(wanted.get("accept_spam") or False),
        failure=str((look or {}).get("msg", "not known")) if failed else "",
    )
