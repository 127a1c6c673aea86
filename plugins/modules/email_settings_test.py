#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""email_settings_test: the module's documentation; what it does stands in module_utils."""

from __future__ import annotations

DOCUMENTATION = r"""
module: email_settings_test
short_description: Send a test message from the email settings of a Webitel domain
version_added: 1.0.0
description:
  - Asks the server to send a test message with the settings that it stores for a domain.
  - The task fails, and says why in the SMTP server's words, where the message is not taken.
author:
  - mailfleet.email authors (@mailfleet)
extends_documentation_fragment:
  - mailfleet.email.attributes.send
  - mailfleet.email.attributes.in_process
  - mailfleet.email.webitel.attributes
  - mailfleet.email.connection
  - mailfleet.email.webitel
options:
  domain:
    description:
      - The domain whose settings are tested.
    type: str
    required: true
  to_email:
    description:
      - Where the message goes.
    type: str
    required: true
seealso:
  - module: mailfleet.email.email_settings
  - module: mailfleet.email.email_settings_check
  - module: mailfleet.email.email_delivery_info
  - ref: ansible_collections.mailfleet.email.test_send_role
    description: Many test sends with a table of their results.
"""

EXAMPLES = r"""
- name: Send a test message
  mailfleet.email.email_settings_test:
    api_url: https://pbx.example.com/engine
    access_token: "{{ webitel_access_token }}"
    key: "{{ webitel_key }}"
    domain: my.example.com
    to_email: postmaster@my.example.com
"""

RETURN = r"""
sent:
  description: Whether the product says that it sent the message. Never true in check mode.
  returned: when the message was to be sent, also where that failed, and in check mode
  type: bool
from:
  description: The sender of the message.
  returned: when the message was to be sent, also where that failed, and in check mode
  type: str
to_email:
  description: Where the message goes.
  returned: when the message was to be sent, also where that failed, and in check mode
  type: str
via:
  description: The SMTP server that the product uses, in the product's own field names.
  returned: when the message was to be sent, also where that failed, and in check mode
  type: dict
  sample: {host: smtp.example.com, port: 465, secure: true}
answer:
  description: What the SMTP server answered, as far as the product tells it.
  returned: success, not in check mode
  type: dict
  contains: &answer
    accepted:
      description: The addresses that the SMTP server takes the message for.
      returned: when the product tells it
      type: list
      elements: str
    rejected:
      description: The addresses that it refuses.
      returned: when the product tells it
      type: list
      elements: str
    response:
      description: Its last reply.
      returned: when the product tells it
      type: str
    messageId:
      description: The C(Message-ID) of the message, by which M(mailfleet.email.email_delivery_info) finds it.
      returned: when the product tells it
      type: str
  sample:
    accepted: [postmaster@my.example.com]
    rejected: []
    response: 250 2.0.0 Ok, queued as 4XyZ0a1b2c
    messageId: <4f1d9c@pbx.example.com>
retried:
  description:
    - Which requests were retried, and why. Shown with C(-v).
    - Every request that did not succeed at once is in it, also where the task fails in the end.
  returned: when a request was retried
  type: list
  elements: dict
  contains:
    method:
      description: The method of the request.
      type: str
    url:
      description: The address of the request.
      type: str
    reason:
      description: What went wrong before.
      type: str
    times:
      description: How many times it was retried for this reason.
      type: int
  sample:
    - method: GET
      url: https://server.example.com/api/email/accounts
      reason: the server answers 503
      times: 2
failure:
  description: Why the task failed, as data. RV(ignore:msg) says the same in words.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - What kind of failure this is.
        - V(input), what the task asks for cannot be done.
        - V(credentials), the credentials are refused, or belong to another record.
        - V(connection), there was no answer.
        - V(redirect), the server leads to another address, which is never followed.
        - V(refused), the server says no.
        - V(not_found), the server says that the record is not there.
        - V(answer), the answer is not one of this API.
        - V(sending), the message was not sent, whatever the reason.
        - V(defect), a fault of this collection.
      returned: always
      type: str
      choices: [input, credentials, connection, redirect, refused, not_found, answer, sending, defect]
    problems:
      description: Everything that is wrong with the input.
      returned: with RV(failure.kind=input)
      type: list
      elements: dict
      contains:
        field:
          description: The option that it is about, with its place in a list; empty where it is about several.
          type: str
        message:
          description: What is wrong.
          type: str
    request:
      description: The request that failed.
      returned: when a request failed
      type: dict
      contains:
        method:
          description: The method of the request.
          type: str
        url:
          description: The address of the request.
          type: str
    status:
      description: The HTTP status of the server's answer.
      returned: when the server refused the request
      type: int
    outcome:
      description: V(unknown) where nobody found out whether the server did what it was asked to write.
      returned: when that is so
      type: str
    errors:
      description: The server's own list of reasons.
      returned: when the server refused the request
      type: list
      elements: dict
    answer:
      description: What the SMTP server answered, as in RV(answer).
      returned: when the SMTP server refuses the address
      type: dict
      contains: *answer
    smtp:
      description:
        - What the mail server refused, read from the reasons of the server.
      returned: when the reasons tell of a mail server
      type: dict
      contains:
        stage:
          description: >-
            How far it came. V(product) means that the machine that sends is to blame, V(server) that the mail server
            has trouble of its own. Null where it is not known.
          type: str
          choices: [product, connection, encryption, login, sender, recipient, message, server]
        cause:
          description: >-
            The stable name of what went wrong, for example V(login_refused) or V(certificate_expired). Null where the
            reply is not recognised, or only the stage is known.
          type: str
        decided_by:
          description:
            - What tells the cause.
            - V(words), those of the mail server or of a library, which are known.
            - V(codes), the reply code and the enhanced status code, together with the command; also where the words are
              not known.
            - V(nothing), there is no cause.
          type: str
          choices: [codes, words, nothing]
        command:
          description: >-
            What the mail server answered, for example V(AUTH) or V(end of data); V(connect) stands for its greeting.
            Null where that is not known.
          type: str
          choices: [connect, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, end of data]
        code:
          description: The mail server's reply code (RFC 5321), null where the reasons hold none.
          type: int
        enhanced_code:
          description: The mail server's enhanced status code (RFC 3463), null where the reasons hold none.
          type: str
        temporary:
          description: Whether the mail server calls the refusal temporary. Its cause may last nonetheless.
          type: bool
        protocol:
          description: The protocol that answers at the port in place of SMTP, for example V(IMAP); mostly null.
          type: str
        advice:
          description: >-
            Who refused what, and what to change. It ends RV(ignore:msg) too. Null where only the stage is known.
          type: str
      sample:
        stage: login
        cause: login_refused
        decided_by: codes
        command: AUTH
        code: 535
        enhanced_code: 5.7.8
        temporary: false
        protocol:
        advice: The mail server refuses the login (535 5.7.8). Check options.auth.user and options.auth.pass.
"""

from ansible_collections.mailfleet.email.plugins.module_utils._entry import run_module
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS_TEST


def main() -> None:
    """Run the module."""
    run_module(EMAIL_SETTINGS_TEST)


if __name__ == "__main__":
    main()
