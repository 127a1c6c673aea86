#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""email_settings: the module's documentation; what it does stands in module_utils."""

from __future__ import annotations

DOCUMENTATION = r"""
module: email_settings
short_description: Manage the email settings of a Webitel domain
version_added: 1.0.0
description:
  - Creates, updates or deletes the SMTP settings that a Webitel domain sends mail with.
  - What a task does not mention stays as it is on the server, fields that this module does not know included, unless
    O(replace=true).
author:
  - mailfleet.email authors (@mailfleet)
extends_documentation_fragment:
  - mailfleet.email.attributes
  - mailfleet.email.attributes.in_process
  - mailfleet.email.webitel.attributes
  - mailfleet.email.connection
  - mailfleet.email.webitel
  - mailfleet.email.shown_fields
options:
  domain:
    description:
      - The domain whose settings these are.
    type: str
    required: true
  state:
    description:
      - Whether the domain has settings.
    type: str
    choices: [present, absent]
    default: present
  provider:
    description:
      - The kind of mail provider. The server knows V(smtp).
    type: str
    default: smtp
  description:
    description:
      - A text for people.
    type: str
  from:
    description:
      - The sender of the domain's mail, an address or C(Name <address>).
      - A name with a comma, a colon or another sign of that kind belongs in double quotes,
        C("Doe, John" <address>), since Nodemailer takes it apart otherwise. What stands before the @ is ASCII.
    type: str
  options:
    description:
      - How the SMTP server is reached. These are transport options of the Node library Nodemailer, which the server
        uses.
      - Needed where the domain has no settings yet.
      - Needed with O(replace) too.
    type: dict
    suboptions:
      host:
        description:
          - The name or address of the SMTP server.
        type: str
      port:
        description:
          - The port of the SMTP server.
        type: int
      secure:
        description:
          - Whether the connection is TLS from its first byte, as on port 465. If not, STARTTLS is used where the SMTP
            server offers it.
        type: bool
      debug:
        description:
          - Whether the SMTP conversation is logged on the server.
        type: bool
      tls:
        description:
          - Details of TLS.
        type: dict
        suboptions:
          reject_unauthorized:
            description:
              - Whether a certificate that cannot be verified ends the connection. On the server this is
                C(rejectUnauthorized).
              - Say V(true). Left out, it depends on the server's environment, and the vendor's own image verifies
                nothing.
            type: bool
            aliases: [rejectUnauthorized]
      auth:
        description:
          - How to log in at the SMTP server.
        type: dict
        suboptions:
          user:
            description:
              - The user name.
            type: str
          pass:
            description:
              - The password.
            type: str
            aliases: [password]
      extra:
        description:
          - Any other transport option, in the server's own spelling and at any depth, for example C(requireTLS),
            C(authMethod), C(connectionTimeout) or C(tls.minVersion).
          - A value of V(null) removes the key.
          - An option that has a name of its own above is not accepted here.
        type: dict
  replace:
    description:
      - Makes the settings exactly the described ones. Whatever the task does not mention is removed.
    type: bool
    default: false
  unknown_domain:
    description:
      - What happens where settings are to be created, and the server has no such domain. It would store the
        settings, and nothing would use them. It tells domains apart by case.
      - V(fail) looks into the server's list of domains first, and fails with the names that are near. Where the
        list cannot be read, a warning says so. Nothing is looked up for credentials that are bound to a domain.
      - V(accept) is for a domain that is created later. Nothing is looked up.
    type: str
    choices: [fail, accept]
    default: fail
  update_password:
    description:
      - V(always) writes O(options.auth.pass) whenever it differs from the live one. A server that does not show
        passwords gives nothing to compare with, so there it is written on every run; RV(password_check) tells which.
      - V(on_create) writes it only when the record is created.
    type: str
    choices: [always, on_create]
    default: always

seealso:
  - module: mailfleet.email.email_settings_sync
  - module: mailfleet.email.email_settings_check
  - module: mailfleet.email.email_settings_info
  - module: mailfleet.email.email_settings_test
"""

EXAMPLES = r"""
- name: Let a domain send through its SMTP server
  mailfleet.email.email_settings:
    api_url: https://pbx.example.com/engine
    access_token: "{{ webitel_access_token }}"
    key: "{{ webitel_key }}"
    domain: my.example.com
    from: pbx@my.example.com
    description: Mail of the PBX
    options:
      host: smtp.example.com
      port: 465
      secure: true
      auth:
        user: pbx@my.example.com
        pass: "{{ pbx_smtp_password }}"

- name: Move it to another port with STARTTLS, all else as it is
  mailfleet.email.email_settings:
    api_url: https://pbx.example.com/engine
    access_token: "{{ webitel_access_token }}"
    key: "{{ webitel_key }}"
    domain: my.example.com
    options:
      port: 587
      secure: false
      extra:
        requireTLS: true
        tls:
          minVersion: TLSv1.2

- name: Remove the settings
  mailfleet.email.email_settings:
    api_url: https://pbx.example.com/engine
    access_token: "{{ webitel_access_token }}"
    key: "{{ webitel_key }}"
    domain: my.example.com
    state: absent
"""

RETURN = r"""
changed:
  description: Whether the record changed, or would change in check mode.
  returned: success
  type: bool
action:
  description:
    - What was done, or would be done in check mode.
    - V(unknown), nothing but RV(unknown_fields) was written.
  returned: success
  type: str
  choices: [created, updated, unknown, deleted, none]
  sample: updated
changed_fields:
  description:
    - The dotted paths of all fields that change, sorted.
    - A field that a creation sets or a deletion removes counts.
  returned: success
  type: list
  elements: str
  sample: [options.port, options.secure]
unknown_fields:
  description:
    - Those of RV(changed_fields) of which nobody knows whether they differ, since the server does not show them.
  returned: when there are any
  type: list
  elements: str
  sample: [password]
diff:
  description:
    - The record before and after, as C(--diff) prints it, the same in check mode and for real.
    - A secret stands as a marker that tells whether it changes, never as its value.
  returned: success
  type: dict
  contains:
    before:
      description: The record as it was; empty where there was none.
      type: dict
    after:
      description: The record as it is now, or would be; empty where there is none.
      type: dict
    before_header:
      description: What RV(diff.before) is about.
      type: str
    after_header:
      description: What RV(diff.after) is about.
      type: str
password_check:
  description:
    - What was done about the password.
    - V(compared), it was compared with the live one, and written if it differs.
    - V(written), the server does not show the live one, so it is written on every run.
    - V(set), there was none before.
    - V(skipped), the record existed already and O(update_password=on_create).
    - V(not_given), the task does not give one.
  returned: success and O(state=present)
  type: str
  choices: [compared, written, set, skipped, not_given]
  sample: compared
email_settings:
  description: The settings as the server stores them now, or would, without secrets.
  returned: success and O(state=present)
  type: dict
  sample:
    domain: my.example.com
    provider: smtp
    from: pbx@my.example.com
    options: {host: smtp.example.com, port: 465, secure: true, auth: {user: pbx@my.example.com}}
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
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS


def main() -> None:
    """Run the module."""
    run_module(EMAIL_SETTINGS)


if __name__ == "__main__":
    main()
