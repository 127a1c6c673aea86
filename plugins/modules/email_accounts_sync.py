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
    reported at once, each with its place in the list.
  - A record that fails does not stop the others, unless O(on_error=stop). The task fails at the end and names each.
author:
  - mailfleet.email authors (@mailfleet)
extends_documentation_fragment:
  - mailfleet.email.attributes
  - mailfleet.email.attributes.in_process
  - mailfleet.email.itflex.attributes
  - mailfleet.email.connection
  - mailfleet.email.itflex
  - mailfleet.email.shown_fields
  - mailfleet.email.fleet
options:
  accounts:
    description:
      - The records. Each is found as M(mailfleet.email.email_account) finds it.
      - Give one of this, O(src), O(document) and O(from_variables).
    type: list
    elements: dict
    suboptions:
      id:
        description:
          - The number that the appliance gave the account.
          - One of O(accounts[].id), O(accounts[].name) and O(accounts[].email) is required.
        type: int
      name:
        description:
          - The name of the account.
          - Needed to create an account. Together with O(accounts[].id) it renames the account.
        type: str
      former_names:
        description:
          - Names that the record had before. Where no live record has O(accounts[].name), one that has a former name is
            taken for it and renamed.
          - Where both are live, the task fails. With O(accounts[].id) the record is found by that alone.
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
      former_names:
        description:
          - Names that the record had before. Where no live record has O(defaults.name), one that has a former name is
            taken for it and renamed.
          - Where both are live, the task fails. With O(defaults.id) the record is found by that alone.
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
      - Give one of this, O(accounts), O(document) and O(from_variables). For very large fleets this is the faster
        way.
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
  remove_in_use:
    description:
      - Whether an account is deleted although an email template of the appliance uses it. Without it such an account
        stays, and the task fails before it writes and names the templates.
      - An appliance that has no templates (404), or does not show them to these credentials (403), says nothing about
        them, and its accounts are deleted.
    type: bool
    default: false
seealso:
  - module: mailfleet.email.email_account
  - module: mailfleet.email.email_account_info
  - module: mailfleet.email.drift
  - module: mailfleet.email.export
  - module: mailfleet.email.plan_file
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
    - A result for each record, in the order of the input, then one for each record that is pruned.
    - Of an unchanged record it holds RV(results[].key) and RV(results[].action), and RV(results[].warnings) where
      there are any.
    - Returned also when the task fails, so that it tells what was done.
  returned: unless the task is skipped, or there is a RV(failure)
  type: list
  elements: dict
  contains:
    key:
      description: What the record was found by.
      type: str
    action:
      description:
        - What was done, or would be done in check mode.
        - V(unknown), nothing but RV(results[].unknown_fields) was written.
      type: str
      choices: [created, updated, unknown, deleted, none, failed]
    changed_fields:
      description: The dotted paths of all fields that change, sorted.
      returned: when the record changes
      type: list
      elements: str
    unknown_fields:
      description:
        - Those of RV(results[].changed_fields) of which nobody knows whether they differ, since the server does not
          show them.
      returned: when there are any
      type: list
      elements: str
    diff:
      description: The record before and after. A secret stands as a marker.
      returned: when the record changes
      type: dict
      contains:
        before:
          description: The record as it was; empty where there was none.
          type: dict
        after:
          description: The record as it is now, or would be; empty where there is none.
          type: dict
        before_header:
          description: What RV(results[].diff.before) is about.
          type: str
        after_header:
          description: What RV(results[].diff.after) is about.
          type: str
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
      contains:
        kind:
          description:
            - What kind of failure this is, in the words of RV(failure.kind), and in two more.
            - V(stopped), it was not begun, since another record failed and O(on_error=stop).
            - V(kept), it was left as it is, since another record failed that has its name or was to get it.
          returned: always
          type: str
          choices: [input, credentials, connection, redirect, refused, not_found, answer, plan, stopped, kept]
        problems: &problems
          description: Everything that is wrong with the input.
          returned: with the kinds V(input) and V(plan)
          type: list
          elements: dict
          contains:
            field:
              description: The option that it is about, with its place in a list; empty where it is about several.
              type: str
            message:
              description: What is wrong.
              type: str
        request: &request
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
        status: &status
          description: The HTTP status of the server's answer.
          returned: when the server refused the request
          type: int
        outcome: &outcome
          description: V(unknown) where nobody found out whether the server did what it was asked to write.
          returned: when that is so
          type: str
        errors: &errors
          description: The server's own list of reasons.
          returned: when the server refused the request
          type: list
          elements: dict
durations:
  description:
    - How many seconds the writes of each record took, with all looks and repetitions, in the order of RV(results); null
      for a record that was not written.
  returned: when a record was written
  type: list
  elements: float
summary:
  description: How many records were created, updated, written without knowing whether they differ, deleted,
    unchanged, failed, and how many requests were retried.
  returned: where RV(results) is
  type: dict
  sample: {created: 2, updated: 1, unknown: 0, deleted: 0, unchanged: 497, failed: 0, retried: 0}
validated:
  description: How many records were checked.
  returned: with O(offline=true)
  type: int
fingerprints:
  description:
    - For each entry of RV(results) a digest of what is live, and of what is planned. Equal digests mean that both are
      what they were.
  returned: with O(plan), where RV(results) is
  type: list
  elements: str
outcomes:
  description:
    - For each entry of RV(results) digests of what the plan leads to, by which O(plan.done=accept) knows again what was
      done before. Empty for a record that is deleted or stays as it is.
  returned: with O(plan), where RV(results) is
  type: list
  elements: list
undescribed:
  description: What is live and not described.
  returned: with O(undescribed=true), where RV(results) is
  type: list
  elements: dict
  sample:
    - {id: 8, name: Alarms, email: alarms@example.com}
diff:
  description: The RV(results[].diff) of every record that changed or would change, as C(--diff) prints it.
  returned: in diff mode, where RV(results) is
  type: list
  elements: dict
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
  returned: when the task fails as a whole, and not in single records
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
        - V(plan), this is not what was reviewed.
        - V(defect), a fault of this collection.
      returned: always
      type: str
      choices: [input, credentials, connection, redirect, refused, not_found, answer, plan, defect]
    problems: *problems
    request: *request
    status: *status
    outcome: *outcome
    errors: *errors
"""

from ansible_collections.mailfleet.email.plugins.module_utils._entry import run_module
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC


def main() -> None:
    """Run the module."""
    run_module(EMAIL_ACCOUNTS_SYNC)


if __name__ == "__main__":
    main()
