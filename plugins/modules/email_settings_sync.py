#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""email_settings_sync: the module's documentation; what it does stands in module_utils."""

from __future__ import annotations

DOCUMENTATION = r"""
module: email_settings_sync
short_description: Manage the email settings of many Webitel domains in one task
version_added: 1.0.0
description:
  - Brings all described settings to their state, and with O(prune=true) removes those that are not described.
  - The whole input is checked before the first request, and the whole plan before the first write. All problems are
    reported at once, each with its place in the list.
  - A record that fails does not stop the others, unless O(on_error=stop). The task fails at the end and names each.
author:
  - mailfleet.email authors (@mailfleet)
extends_documentation_fragment:
  - mailfleet.email.attributes
  - mailfleet.email.attributes.in_process
  - mailfleet.email.webitel.attributes
  - mailfleet.email.connection
  - mailfleet.email.webitel
  - mailfleet.email.shown_fields
  - mailfleet.email.fleet
options:
  settings:
    description:
      - The records. One for each domain.
      - Give one of this, O(src), O(document) and O(from_variables).
    type: list
    elements: dict
    suboptions:
      domain:
        description:
          - The domain whose settings these are.
          - It is required.
        type: str
      provider:
        description:
          - The kind of mail provider. The server knows V(smtp).
        type: str
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
          - Needed with O(settings[].replace) too.
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
              - Whether the connection is TLS from its first byte, as on port 465. If not, STARTTLS is used where the
                SMTP server offers it.
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
      state:
        description:
          - Whether the domain has settings.
        type: str
        choices: [present, absent]
      unknown_domain:
        description:
          - What happens where settings are to be created, and the server has no such domain. It would store the
            settings, and nothing would use them. It tells domains apart by case.
          - V(fail) looks into the server's list of domains first, and fails with the names that are near. Where the
            list cannot be read, a warning says so. Nothing is looked up for credentials that are bound to a domain.
          - V(accept) is for a domain that is created later. Nothing is looked up.
        type: str
        choices: [fail, accept]
      update_password:
        description:
          - V(always) writes O(settings[].options.auth.pass) whenever it differs from the live one. A server that does
            not show passwords gives nothing to compare with, so there it is written on every run.
          - V(on_create) writes it only when the record is created.
        type: str
        choices: [always, on_create]

  defaults:
    description:
      - What counts for every record that does not say otherwise, at every level.
      - For example one SMTP server for all domains.
    type: dict
    suboptions:
      domain:
        description:
          - The domain whose settings these are.
        type: str
      provider:
        description:
          - The kind of mail provider. The server knows V(smtp).
        type: str
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
          - Needed with O(defaults.replace) too.
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
              - Whether the connection is TLS from its first byte, as on port 465. If not, STARTTLS is used where the
                SMTP server offers it.
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
      state:
        description:
          - Whether the domain has settings.
        type: str
        choices: [present, absent]
      unknown_domain:
        description:
          - What happens where settings are to be created, and the server has no such domain. It would store the
            settings, and nothing would use them. It tells domains apart by case.
          - V(fail) looks into the server's list of domains first, and fails with the names that are near. Where the
            list cannot be read, a warning says so. Nothing is looked up for credentials that are bound to a domain.
          - V(accept) is for a domain that is created later. Nothing is looked up.
        type: str
        choices: [fail, accept]
      update_password:
        description:
          - V(always) writes O(defaults.options.auth.pass) whenever it differs from the live one. A server that does not
            show passwords gives nothing to compare with, so there it is written on every run.
          - V(on_create) writes it only when the record is created.
        type: str
        choices: [always, on_create]

  src:
    description:
      - A YAML or JSON file on the controller that holds the records, or a directory whose C(.yml), C(.yaml) and
        C(.json) files do. A file is a list of records, or a mapping with such a list under C(email_settings).
      - The task reads it itself. Files that ansible-vault encrypted are decrypted, C(!vault) values too. Nothing in it
        is templated.
      - Give one of this, O(settings), O(document) and O(from_variables). For very large fleets this is the faster
        way.
    type: path
seealso:
  - module: mailfleet.email.email_settings
  - module: mailfleet.email.email_settings_info
  - module: mailfleet.email.drift
  - module: mailfleet.email.export
  - module: mailfleet.email.plan_file
"""

EXAMPLES = r"""
- name: Bring the settings of all domains to their state
  mailfleet.email.email_settings_sync:
    api_url: https://pbx.example.com/engine
    access_token: "{{ webitel_access_token }}"
    key: "{{ webitel_key }}"
    defaults:
      options:
        host: smtp.example.com
        port: 465
        secure: true
    settings:
      - domain: one.example.com
        from: pbx@one.example.com
        options:
          auth:
            user: pbx@one.example.com
            pass: "{{ one_smtp_password }}"
      - domain: two.example.com
        from: pbx@two.example.com
        options:
          auth:
            user: pbx@two.example.com
            pass: "{{ two_smtp_password }}"

- name: Make a file the whole truth, carefully
  mailfleet.email.email_settings_sync:
    api_url: https://pbx.example.com/engine
    access_token: "{{ webitel_access_token }}"
    key: "{{ webitel_key }}"
    src: settings.yml
    prune: true
    prune_limit: "1"
    rate_limit: 20
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
    - {domain: old.example.com}
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
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC


def main() -> None:
    """Run the module."""
    run_module(EMAIL_SETTINGS_SYNC)


if __name__ == "__main__":
    main()
