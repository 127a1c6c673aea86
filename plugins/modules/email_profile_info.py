#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""email_profile_info: the module's documentation; what it does stands in module_utils."""

from __future__ import annotations

DOCUMENTATION = r"""
module: email_profile_info
short_description: Read the email profiles of a Webitel server
version_added: 1.0.0
description:
  - Reads the profiles with one of the given ids or names, or all profiles that the token can reach.
author:
  - mailfleet.email authors (@mailfleet)
extends_documentation_fragment:
  - mailfleet.email.attributes.info
  - mailfleet.email.attributes.in_process
  - mailfleet.email.webitel_cloud.attributes
  - mailfleet.email.connection
  - mailfleet.email.shown_fields
  - mailfleet.email.webitel_cloud
options:
  id:
    description:
      - Return the profiles with these numbers.
    type: list
    elements: int
  name:
    description:
      - Return the profiles with these names.
    type: list
    elements: str
  filters:
    description:
      - Fields and values. Only profiles that have all of them are returned.
      - Secrets cannot be searched for.
    type: dict
seealso:
  - module: mailfleet.email.email_profile
  - module: mailfleet.email.email_profiles_sync
  - module: mailfleet.email.export
"""

EXAMPLES = r"""
- name: Read all profiles
  mailfleet.email.email_profile_info:
    api_url: https://webitel.example.com/api
    access_token: "{{ webitel_cloud_access_token }}"
  register: all_profiles

- name: Find the profiles that fetch mail
  mailfleet.email.email_profile_info:
    api_url: https://webitel.example.com/api
    access_token: "{{ webitel_cloud_access_token }}"
    filters:
      enabled: true
      listen: true
  register: fetching
"""

RETURN = r"""
email_profiles:
  description: The profiles found, without secrets.
  returned: success
  type: list
  elements: dict
  sample:
    - {id: 7, name: Support, schema: {id: "3", name: Tickets}, enabled: true, listen: false,
       smtp_host: smtp.example.com, smtp_port: 587, login: support@example.com}
secret_fields:
  description: For each entry of RV(email_profiles) the secrets that were left out of it.
  returned: success
  type: list
  elements: list
  sample:
    - - {path: [password], readable: false}
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
      url: https://server.example.com/api/email/profile
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
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import EMAIL_PROFILE_INFO


def main() -> None:
    """Run the module."""
    run_module(EMAIL_PROFILE_INFO)


if __name__ == "__main__":
    main()
