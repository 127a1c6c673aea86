#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""test_send_summary: the documentation; the action plugin of the same name does the work on the controller."""

from __future__ import annotations

DOCUMENTATION = r"""
module: test_send_summary
short_description: Prepare test messages, and tell what became of them
version_added: 1.0.0
description:
  - Works out what the loops of the role P(mailfleet.email.test_send#role) go over, without secrets, and where each
    message goes. Given the answers of the loops, tells what became of each message in a table, and why the run is no
    success.
  - Sends nothing and asks no server. M(mailfleet.email.email_account_test) and M(mailfleet.email.email_settings_test)
    send, M(mailfleet.email.email_delivery_info) looks into the mailbox.
author:
  - mailfleet.email authors (@mailfleet)
extends_documentation_fragment:
  - mailfleet.email.attributes.controller
attributes:
  check_mode:
    description: Can run in check mode and say what it would do without doing it.
    support: full
    details:
      - It changes nothing.
  diff_mode:
    description: Returns what is changed, or would be in check mode.
    support: none
options:
  recipient:
    description:
      - The address that the messages go to.
    type: str
    required: true
  recipient_variable:
    description:
      - The variable that gives O(recipient), for what is wrong with it.
    type: str
  through_accounts:
    description:
      - The iTFLEX accounts to send through, as the role takes them.
    type: list
    elements: dict
    default: []
  from_domains:
    description:
      - The Webitel domains to send from, each as its name or as a mapping with the key C(domain).
    type: list
    elements: raw
    default: []
  confirm_delivery:
    description:
      - How the messages are looked for, as the role takes it. Empty where nobody looks.
    type: dict
    default: {}
  token:
    description:
      - The RV(token) of the first task of a run, so that the addresses stay the same.
    type: str
  answers:
    description:
      - What the loops answered, the accounts first, in the order of the lists.
    type: list
    elements: dict
  look:
    description:
      - What M(mailfleet.email.email_delivery_info) found when all was sent.
    type: dict
  fail:
    description:
      - Whether a message that was not sent or did not arrive is a failure.
    type: bool
    default: true
seealso:
  - module: mailfleet.email.email_account_test
  - module: mailfleet.email.email_settings_test
  - module: mailfleet.email.email_delivery_info
"""

EXAMPLES = r"""
- name: Send a message from a domain
  mailfleet.email.email_settings_test:
    api_url: "{{ webitel_api_url }}"
    access_token: "{{ webitel_access_token }}"
    key: "{{ webitel_key }}"
    domain: my.example.com
    to_email: postmaster@example.com
  register: sent
  failed_when: false

- name: Tell what became of it
  mailfleet.email.test_send_summary:
    recipient: postmaster@example.com
    from_domains: [my.example.com]
    answers: ["{{ sent }}"]
"""

RETURN = r"""
token:
  description: What tells the messages of this run from those of others.
  returned: success
  type: str
accounts:
  description: The accounts without their secrets, for a loop.
  returned: success
  type: list
  elements: dict
domains:
  description: The domains as mappings, for a loop.
  returned: success
  type: list
  elements: dict
recipients:
  description: Where each message goes, those of the accounts first.
  returned: success
  type: list
  elements: str
confirms:
  description: Whether the messages are to be looked for.
  returned: success
  type: bool
results:
  description: What became of each message, in the order of RV(recipients).
  returned: with O(answers)
  type: list
  elements: dict
  contains:
    product:
      description: The product that was to send it.
      type: str
    name:
      description: The record that it was to go through.
      type: str
    to_email:
      description: Where it was to go.
      type: str
    sent:
      description: Whether the product handed it over.
      type: bool
    via:
      description: The server that it goes through, in the vendor's field names.
      type: dict
    reason:
      description: Why it was not sent; empty where it was.
      type: str
    delivery:
      description: What M(mailfleet.email.email_delivery_info) says about it; empty where it was not sent.
      returned: when it was looked for
      type: dict
messages:
  description: The messages that were sent, as M(mailfleet.email.email_delivery_info) takes them.
  returned: with O(answers)
  type: list
  elements: dict
report:
  description: The table, a line for each message, and what went wrong.
  returned: with O(answers)
  type: list
  elements: str
problems:
  description: Why the run is no success, a sentence for each kind of failure; empty where it is one.
  returned: with O(answers)
  type: list
  elements: str
fails:
  description: Whether there are RV(problems) and O(fail=true).
  returned: with O(answers)
  type: bool
failure:
  description: What is wrong with the options, as data. C(msg) says the same in words.
  returned: when the options are wrong
  type: dict
  contains:
    kind:
      description:
        - What kind of failure this is.
        - V(input), an option is wrong.
      returned: always
      type: str
      choices: [input]
    problems:
      description: Everything that is wrong with the options.
      returned: with RV(failure.kind=input)
      type: list
      elements: dict
      contains:
        field:
          description: The option that it is about; empty where the message names it.
          type: str
        message:
          description: What is wrong.
          type: str
"""
