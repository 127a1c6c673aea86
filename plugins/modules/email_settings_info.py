#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""email_settings_info: the module's documentation; what it does stands in module_utils."""

from __future__ import annotations

DOCUMENTATION = r"""
module: email_settings_info
short_description: Read the email settings of Webitel domains
version_added: 1.0.0
description:
  - Reads the SMTP settings of one domain, of several, or of all that the credentials can reach.
author:
  - mailfleet.email authors (@mailfleet)
extends_documentation_fragment:
  - mailfleet.email.attributes.info
  - mailfleet.email.attributes.in_process
  - mailfleet.email.webitel.attributes
  - mailfleet.email.connection
  - mailfleet.email.webitel
  - mailfleet.email.shown_fields
options:
  domains:
    description:
      - The domains to read. Without it, all domains that the server lists are read; with a token that is bound to a
        domain, that domain.
      - A domain without settings is left out of the result.
    type: list
    elements: str
    aliases: [domain]
  filters:
    description:
      - Dotted paths and values, for example C(options.host). Only records that have all of them are returned.
      - Secrets cannot be searched for.
    type: dict
seealso:
  - module: mailfleet.email.email_settings
  - module: mailfleet.email.email_settings_sync
  - module: mailfleet.email.export
"""

EXAMPLES = r"""
- name: Read the settings of one domain
  mailfleet.email.email_settings_info:
    api_url: https://pbx.example.com/engine
    access_token: "{{ webitel_access_token }}"
    key: "{{ webitel_key }}"
    domain: my.example.com
  register: one

- name: Find all domains that still use the old SMTP server
  mailfleet.email.email_settings_info:
    api_url: https://pbx.example.com/engine
    access_token: "{{ webitel_access_token }}"
    key: "{{ webitel_key }}"
    filters:
      options.host: old-smtp.example.com
  register: to_move
"""

RETURN = r"""
email_settings:
  description: The records found, without secrets.
  returned: success
  type: list
  elements: dict
  sample:
    - domain: my.example.com
      provider: smtp
      from: pbx@my.example.com
      options: {host: smtp.example.com, port: 465, secure: true, auth: {user: pbx@my.example.com}}
secret_fields:
  description: For each entry of RV(email_settings) the secrets that were left out of it.
  returned: success
  type: list
  elements: list
  sample:
    - - {path: [options, auth, pass], readable: true}
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
        - V(defect), a fault of this collection.
      returned: always
      type: str
      choices: [input, credentials, connection, redirect, refused, not_found, answer, defect]
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
"""

from ansible_collections.mailfleet.email.plugins.module_utils._entry import run_module
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS_INFO


def main() -> None:
    """Run the module."""
    run_module(EMAIL_SETTINGS_INFO)


if __name__ == "__main__":
    main()
