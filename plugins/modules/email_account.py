#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""email_account: the module's documentation; what it does stands in module_utils."""

from __future__ import annotations

DOCUMENTATION = r"""
module: email_account
short_description: Manage an email account of an iTFLEX appliance
version_added: 1.0.0
description:
  - Creates, updates or deletes one of the accounts that an iTFLEX appliance sends mail with.
  - The account is found by O(id), or where that is not given by O(name), or where neither is given by O(email).
    Where more than one live account fits, the task fails and lists them.
  - What a task does not mention stays as it is.
author:
  - mailfleet.email authors (@mailfleet)
extends_documentation_fragment:
  - mailfleet.email.attributes
  - mailfleet.email.attributes.in_process
  - mailfleet.email.itflex.attributes
  - mailfleet.email.connection
  - mailfleet.email.itflex
  - mailfleet.email.shown_fields
options:
  id:
    description:
      - The number that the appliance gave the account.
      - One of O(id), O(name) and O(email) is required.
    type: int
  name:
    description:
      - The name of the account.
      - Needed to create an account. Together with O(id) it renames the account.
    type: str
  former_names:
    description:
      - Names that the record had before. Where no live record has O(name), one that has a former name is taken for it
        and renamed.
      - Where both are live, the task fails. With O(id) the record is found by that alone.
    type: list
    elements: str
  email:
    description:
      - The address that the account sends from, and its user name for authentication.
    type: str
  default:
    description:
      - Whether this is the appliance's default account.
    type: bool
  service:
    description:
      - The kind of mail service.
    type: str
    choices: [gmail, outlook, other]
  has_auth:
    description:
      - Whether the SMTP server wants a login. Servers call this C(has_auth) or C(hash_auth); both are understood.
    type: bool
    aliases: [hash_auth]
  password:
    description:
      - The password for the SMTP server.
    type: str
  smtp_server:
    description:
      - The name or address of the SMTP server.
    type: str
  smtp_port:
    description:
      - The port of the SMTP server.
    type: int
  smtp_crypt:
    description:
      - How the connection is encrypted. V(ssl-tls) is TLS from the first byte, V(starttls) begins in clear.
    type: str
    choices: [none, ssl-tls, starttls]
  smtp_auth_mechanism:
    description:
      - How the login is done.
    type: str
    choices: [plain, login, cram-md5]
  state:
    description:
      - Whether the account exists.
    type: str
    choices: [present, absent]
    default: present
  update_password:
    description:
      - V(always) writes O(password) whenever it differs from the live one. A server that does not show passwords
        gives nothing to compare with, so there it is written on every run; RV(password_check) tells which.
      - V(on_create) writes it only when the account is created.
    type: str
    choices: [always, on_create]
    default: always
  remove_in_use:
    description:
      - Whether an account is deleted although an email template of the appliance uses it. Without it such an account
        stays, and the task fails before it writes and names the templates.
      - An appliance that has no templates (404), or does not show them to these credentials (403), says nothing about
        them, and its accounts are deleted.
    type: bool
    default: false

notes:
  - A new account needs O(name) and O(email), and one that logs in needs O(password). What is not given of the rest is
    V(false) for O(default), V(other) for O(service), and for O(has_auth) whether there is a O(password).
  - An update sends the whole account. Where the appliance does not show the stored password and the task does not
    give it, an update could destroy it, so the task fails before it writes.
seealso:
  - module: mailfleet.email.email_accounts_sync
  - module: mailfleet.email.email_account_check
  - module: mailfleet.email.email_account_info
  - module: mailfleet.email.email_account_test
"""

EXAMPLES = r"""
- name: Let the appliance send its certificates
  mailfleet.email.email_account:
    api_url: https://appliance.example.com
    refresh_token: "{{ itflex_refresh_token }}"
    name: Certificates
    email: certs@example.com
    default: true
    service: other
    has_auth: true
    password: "{{ certs_smtp_password }}"
    smtp_server: smtp.example.com
    smtp_port: 465
    smtp_crypt: ssl-tls
    smtp_auth_mechanism: plain

- name: Move the account to another port, all else as it is
  mailfleet.email.email_account:
    api_url: https://appliance.example.com
    refresh_token: "{{ itflex_refresh_token }}"
    name: Certificates
    smtp_port: 587
    smtp_crypt: starttls

- name: Remove the account
  mailfleet.email.email_account:
    api_url: https://appliance.example.com
    refresh_token: "{{ itflex_refresh_token }}"
    name: Certificates
    state: absent
"""

RETURN = r"""
changed:
  description: Whether the account changed, or would change in check mode.
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
  sample: [smtp_crypt, smtp_port]
unknown_fields:
  description:
    - Those of RV(changed_fields) of which nobody knows whether they differ, since the server does not show them.
  returned: when there are any
  type: list
  elements: str
  sample: [password]
diff:
  description:
    - The account before and after, as C(--diff) prints it, the same in check mode and for real.
    - A secret stands as a marker that tells whether it changes, never as its value.
  returned: success
  type: dict
  contains:
    before:
      description: The account as it was; empty where there was none.
      type: dict
    after:
      description: The account as it is now, or would be; empty where there is none.
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
    - V(skipped), the account existed already and O(update_password=on_create).
    - V(not_given), the task does not give one.
  returned: success and O(state=present)
  type: str
  choices: [compared, written, set, skipped, not_given]
  sample: compared
email_account:
  description: The account as the appliance stores it now, or would, without secrets.
  returned: success and O(state=present)
  type: dict
  sample: {id: 7, name: Certificates, email: certs@example.com, default: true, service: other, has_auth: true,
    smtp_server: smtp.example.com, smtp_port: 465, smtp_crypt: ssl-tls, smtp_auth_mechanism: plain}
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
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT


def main() -> None:
    """Run the module."""
    run_module(EMAIL_ACCOUNT)


if __name__ == "__main__":
    main()
