#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""email_accounts_sync: the module's documentation; what it does stands in module_utils."""

from __future__ import annotations

DOCUMENTATION = r"""
module: email_accounts_sync
short_description: Manage many email accounts of an iTFLEX appliance in one task
version_added: 1.0.0
description:
  - Brings all described accounts to their state, and with O(prune=true) removes those that are not described.
  - The whole input is checked before the first request, and the whole plan before the first write. All problems are
    told at once, each with its place in the list.
  - A record that fails does not stop the others, unless O(on_error=stop). The task fails at the end and names each.
author:
  - mailfleet.email authors (@mailfleet)
extends_documentation_fragment:
  - mailfleet.email.attributes
  - mailfleet.email.attributes.itflex
  - mailfleet.email.connection
  - mailfleet.email.itflex
  - mailfleet.email.fleet
options:
  accounts:
    description:
      - The records. Each is found as M(mailfleet.email.email_account) finds it.
      - Give this, O(src) or O(document).
    type: list
    elements: dict
    suboptions:
      id:
        description:
          - The number that the appliance gave the account.
        type: int
      name:
        description:
          - The name of the account.
          - Needed to create an account. Together with O(accounts[].id) it renames the account.
        type: str
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
      update_password:
        description:
          - V(always) writes O(accounts[].password) whenever it differs from the live one. A server that does not show
            passwords gives nothing to compare with, so there it is written on every run.
          - V(on_create) writes it only when the account is created.
        type: str
        choices: [always, on_create]

  defaults:
    description:
      - What counts for every record that does not say otherwise, at every level.
      - For example one SMTP server for all accounts.
    type: dict
    suboptions:
      id:
        description:
          - The number that the appliance gave the account.
        type: int
      name:
        description:
          - The name of the account.
          - Needed to create an account. Together with O(defaults.id) it renames the account.
        type: str
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
      update_password:
        description:
          - V(always) writes O(defaults.password) whenever it differs from the live one. A server that does not show
            passwords gives nothing to compare with, so there it is written on every run.
          - V(on_create) writes it only when the account is created.
        type: str
        choices: [always, on_create]

  src:
    description:
      - A YAML or JSON file on the controller that holds the records, or a directory whose C(.yml), C(.yaml) and
        C(.json) files do. A file is a list of records, or a mapping with such a list under C(email_accounts).
      - The task reads it itself. Files that ansible-vault encrypted are decrypted, C(!vault) values too. Nothing in it
        is templated.
      - Give this or O(accounts). For very large fleets this is the faster way.
    type: path
  deduplicate:
    description:
      - What happens where several live accounts of the same name and address fit one record. With V(false) that is a
        problem that lists them. With V(true) the one with the lowest C(id) stays, and the others are removed, whatever
        O(prune_limit) says. If one of those was the default account, the one that stays becomes it, unless the record
        says otherwise.
      - Such accounts come into being where a server does not insist that names are unique, and two runs create the same
        account at the same moment. With V(true) a run looks for that after it has created accounts, and gives way to
        the one that stays.
    type: bool
    default: false
seealso:
  - module: mailfleet.email.email_account
"""

EXAMPLES = r"""
- name: Bring all accounts of an appliance to their state
  mailfleet.email.email_accounts_sync:
    api_url: https://appliance.example.com
    refresh_token: "{{ itflex_refresh_token }}"
    defaults:
      smtp_server: smtp.example.com
      smtp_port: 465
      smtp_crypt: ssl-tls
      smtp_auth_mechanism: plain
    accounts:
      - name: Certificates
        email: certs@example.com
        password: "{{ certs_smtp_password }}"
        default: true
      - name: Reports
        email: reports@example.com
        password: "{{ reports_smtp_password }}"
      - name: Old reports
        state: absent

- name: Make a file the whole truth
  mailfleet.email.email_accounts_sync:
    api_url: https://appliance.example.com
    refresh_token: "{{ itflex_refresh_token }}"
    src: accounts.yml
    prune: true
    prune_keep: ["System*"]
"""

RETURN = r"""
changed:
  description: Whether a record changed, or would change in check mode.
  returned: always
  type: bool
results:
  description:
    - A verdict for each record, in the order of the input, then one for each record that is pruned.
    - Of an unchanged record it holds C(key) and C(action), and C(warnings) where there are any.
    - Returned also when the task fails, so that it tells what was done.
  returned: when the input has no problems
  type: list
  elements: dict
  contains:
    key:
      description: What the record was found by.
      type: str
    action:
      description: What was done, or would be done in check mode.
      type: str
      choices: [created, updated, deleted, none, failed]
    changed_fields:
      description: The dotted paths of all fields that change, sorted.
      returned: when the record changes
      type: list
      elements: str
    diff:
      description: The record before and after. A secret stands as a marker.
      returned: when the record changes
      type: dict
    warnings:
      description: What was unexpected about this record.
      returned: when there was anything
      type: list
      elements: str
    error:
      description: Why the record is not as described.
      returned: when it is not
      type: str
    failure:
      description: The error as data.
      returned: when the record is not as described
      type: dict
durations:
  description:
    - How many seconds the writes of each record took, with all looks and repetitions, in the order of RV(results); null
      for a record that was not written.
  returned: when a record was written
  type: list
  elements: float
summary:
  description: How many records were created, updated, deleted, unchanged, failed, and how many requests were retried.
  returned: when the input has no problems
  type: dict
  sample: {created: 2, updated: 1, deleted: 0, unchanged: 497, failed: 0, retried: 0}
fingerprints:
  description:
    - For each entry of C(results) a digest of what is live, and of what is planned. Equal digests mean that both are
      what they were.
  returned: when O(plan) is given, and the task does not stop before its first write
  type: list
  elements: str
undescribed:
  description: What is live and not described.
  returned: when O(undescribed=true), and the input has no problems
  type: list
  elements: dict
  sample:
    - {id: 8, name: Alarms, email: alarms@example.com}
diff:
  description: The C(before) and C(after) of every changed record, as C(--diff) prints them.
  returned: in diff mode
  type: list
  elements: dict
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
  returned: when the input has problems, or the server cannot be read
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
"""

from ansible_collections.mailfleet.email.plugins.module_utils._doors.email_accounts_sync import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._entry import run_module


def main() -> None:
    """Run the module."""
    run_module(EMAIL_ACCOUNTS_SYNC)


if __name__ == "__main__":
    main()
