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
  - mailfleet.email.attributes.webitel
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
  - ref: ansible_collections.mailfleet.email.test_send_role
    description: Many test sends with a table of their results.
"""

EXAMPLES = r"""
- name: Send a test message
  mailfleet.email.email_settings_test:
    api_url: https://pbx.example.com/engine
    access_token: "{{ webitel_access_token }}"
    domain: my.example.com
    to_email: postmaster@my.example.com
"""

RETURN = r"""
sent:
  description: Whether the product says that it sent the message. Never true in check mode.
  returned: always
  type: bool
from:
  description: The sender of the message.
  returned: always
  type: str
to_email:
  description: Where the message goes.
  returned: always
  type: str
via:
  description: The SMTP server that the product uses, in the product's own field names.
  returned: always
  type: dict
  sample: {host: smtp.example.com, port: 465, secure: true}
answer:
  description: What the SMTP server answered, C(accepted), C(rejected) and C(response).
  returned: success, not in check mode
  type: dict
retried:
  description:
    - Which requests were sent again, and why. Shown with C(-v).
    - Every request that did not succeed at once is in it, also where the task fails in the end.
  returned: when a request was sent again
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
      description: How many times it was sent again for this reason.
      type: int
  sample:
    - method: GET
      url: https://server.example.com/api/email/accounts
      reason: the server answers 503
      times: 2
failure:
  description: Why the task failed, as data. C(msg) says the same in words.
  returned: failure
  type: dict
  contains:
    kind:
      description: >-
        What kind of failure this is, for example V(input), V(credentials), V(connection), V(refused) or V(answer).
      type: str
    problems:
      description: Everything that is wrong with the input, each with C(field) and C(message).
      type: list
      elements: dict
    request:
      description: The request that failed, its C(method) and C(url).
      type: dict
    status:
      description: The HTTP status of the server's answer.
      type: int
    outcome:
      description: V(unknown) where nobody found out whether the server did what it was asked to write.
      type: str
    errors:
      description: The server's own list of reasons.
      type: list
      elements: dict
    smtp:
      description:
        - What the mail server refused, read from the reasons of the server.
        - Left out where they say nothing of it that is understood.
      type: dict
      contains:
        stage:
          description: >-
            How far it came, V(connection), V(encryption), V(login), V(sender), V(recipient) or V(message). V(server)
            means that the mail server has trouble of its own.
          type: str
        cause:
          description: >-
            The stable name of what went wrong, for example V(login_refused) or V(certificate_expired). Null where only
            the stage is known.
          type: str
        code:
          description: The mail server's reply code (RFC 5321), null where the reasons hold none.
          type: int
        enhanced_code:
          description: The mail server's enhanced status code (RFC 3463), null where the reasons hold none.
          type: str
        advice:
          description: Who refused what, and what to change. It ends C(msg) too. Null where only the stage is known.
          type: str
      sample:
        stage: login
        cause: login_refused
        code: 535
        enhanced_code: 5.7.8
        advice: The mail server refuses the login (535 5.7.8). Check options.auth.user and options.auth.pass.
"""

from ansible_collections.mailfleet.email.plugins.module_utils._doors.email_settings import EMAIL_SETTINGS_TEST
from ansible_collections.mailfleet.email.plugins.module_utils._entry import run_module


def main() -> None:
    """Run the module."""
    run_module(EMAIL_SETTINGS_TEST)


if __name__ == "__main__":
    main()
