#!/usr/bin/python
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""email_profiles_sync: the module's documentation; what it does stands in module_utils."""

from __future__ import annotations

DOCUMENTATION = r"""
module: email_profiles_sync
short_description: Manage many email profiles of a Webitel server in one task
version_added: 1.0.0
description:
  - Brings all described profiles to their state, and with O(prune=true) removes those that are not described.
  - The whole input is checked before the first request, and the whole plan before the first write. All problems are
    reported at once, each with its place in the list.
  - A record that fails does not stop the others, unless O(on_error=stop). The task fails at the end and names each.
author:
  - mailfleet.email authors (@mailfleet)
extends_documentation_fragment:
  - mailfleet.email.attributes
  - mailfleet.email.attributes.in_process
  - mailfleet.email.webitel_cloud.attributes
  - mailfleet.email.connection
  - mailfleet.email.shown_fields
  - mailfleet.email.webitel_cloud
  - mailfleet.email.fleet
options:
  profiles:
    description:
      - The records. Each is found as M(mailfleet.email.email_profile) finds it.
      - Give one of this, O(src), O(document) and O(from_variables).
    type: list
    elements: dict
    suboptions:
      id:
        description:
          - The number that the server gave the profile.
          - One of O(profiles[].id) and O(profiles[].name) is required.
        type: int
      name:
        description:
          - The name of the profile, which the server does not keep unique. Where several live profiles have exactly
            this name, none is touched, and the task lists them.
          - Needed to create a profile. Together with O(profiles[].id) it renames the profile.
        type: str
      former_names:
        description:
          - Names that the record had before. Where no live record has O(profiles[].name), one that has a former name is
            taken for it and renamed.
          - Where both are live, the task fails. With O(profiles[].id) the record is found by that alone.
        type: list
        elements: str
      description:
        description:
          - What the profile is for.
        type: str
      schema:
        description:
          - The flow that handles the mail. Needed to create a profile.
          - It is looked up on the server. Where it is not there, or a name means several, the task lists what there is.
        type: dict
        suboptions:
          id:
            description:
              - The number of the flow.
              - One of O(profiles[].schema.id) and O(profiles[].schema.name) is required.
            type: int
          name:
            description:
              - The exact name of the flow.
            type: str
      enabled:
        description:
          - Whether mail is fetched and the licence counts the profile. A profile that is not enabled can still send.
          - A new profile is not enabled unless this says so.
        type: bool
      listen:
        description:
          - Whether the server waits for new mail. With O(profiles[].enabled) it fetches the whole unread mailbox.
          - A new profile does not listen unless this says so.
        type: bool
      imap_host:
        description:
          - The name or address of the IMAP server. The connection is TLS from the first byte.
        type: str
      imap_port:
        description:
          - The port of the IMAP server, V(993) for a new profile that is given none.
        type: int
      smtp_host:
        description:
          - The name or address of the SMTP server.
        type: str
      smtp_port:
        description:
          - The port of the SMTP server. A new profile that is given none has V(587).
        type: int
      login:
        description:
          - The user name at both mail servers.
        type: str
      password:
        description:
          - The password at both mail servers. The server never shows it.
        type: str
      mailbox:
        description:
          - The folder that mail is fetched from, V(INBOX) for a new profile that is given none.
        type: str
      fetch_interval:
        description:
          - How many seconds pass between two looks into the mailbox, V(60) for a new profile that is given none.
        type: int
      auth_type:
        description:
          - How the login is done, V(Plain) for a new profile that is given none.
          - V(OAuth2) needs a login in a browser afterwards, which only a person can do.
        type: str
        choices: [Plain, OAuth2]
      params:
        description:
          - Further parameters of the profile.
        type: dict
        suboptions:
          oauth2:
            description:
              - The OAuth client, for a login in a browser.
            type: dict
            suboptions:
              client_id:
                description:
                  - The identifier of the client.
                type: str
              client_secret:
                description:
                  - The secret of the client.
                type: str
              redirect_url:
                description:
                  - Where the login in a browser leads back to.
                type: str
      state:
        description:
          - Whether the profile exists.
        type: str
        choices: [present, absent]
      update_password:
        description:
          - V(always) writes O(profiles[].password) on every run, since the server gives nothing to compare it with.
          - V(on_create) writes it only when the profile is created.
        type: str
        choices: [always, on_create]
      fetch_existing_mail:
        description:
          - Whether the profile may begin to fetch mail, which it does when it is enabled and listens, or gets another
            mailbox while it does. It then fetches all unread mail that is there, and runs its flow on each message.
          - Without it such a change is refused.
        type: bool
      erase_stored_mail:
        description:
          - Whether all mail that is stored with the profile may go when the profile is deleted. The server does not
            tell how much that is. Without it a deletion is refused.
        type: bool
  defaults:
    description:
      - What counts for every record that does not say otherwise, at every level.
      - For example one SMTP server for all profiles.
    type: dict
    suboptions:
      id:
        description:
          - The number that the server gave the profile.
        type: int
      name:
        description:
          - The name of the profile, which the server does not keep unique. Where several live profiles have exactly
            this name, none is touched, and the task lists them.
          - Needed to create a profile. Together with O(defaults.id) it renames the profile.
        type: str
      former_names:
        description:
          - Names that the record had before. Where no live record has O(defaults.name), one that has a former name is
            taken for it and renamed.
          - Where both are live, the task fails. With O(defaults.id) the record is found by that alone.
        type: list
        elements: str
      description:
        description:
          - What the profile is for.
        type: str
      schema:
        description:
          - The flow that handles the mail. Needed to create a profile.
          - It is looked up on the server. Where it is not there, or a name means several, the task lists what there is.
        type: dict
        suboptions:
          id:
            description:
              - The number of the flow.
              - One of O(defaults.schema.id) and O(defaults.schema.name) is required.
            type: int
          name:
            description:
              - The exact name of the flow.
            type: str
      enabled:
        description:
          - Whether mail is fetched and the licence counts the profile. A profile that is not enabled can still send.
          - A new profile is not enabled unless this says so.
        type: bool
      listen:
        description:
          - Whether the server waits for new mail. With O(defaults.enabled) it fetches the whole unread mailbox.
          - A new profile does not listen unless this says so.
        type: bool
      imap_host:
        description:
          - The name or address of the IMAP server. The connection is TLS from the first byte.
        type: str
      imap_port:
        description:
          - The port of the IMAP server, V(993) for a new profile that is given none.
        type: int
      smtp_host:
        description:
          - The name or address of the SMTP server.
        type: str
      smtp_port:
        description:
          - The port of the SMTP server. A new profile that is given none has V(587).
        type: int
      login:
        description:
          - The user name at both mail servers.
        type: str
      password:
        description:
          - The password at both mail servers. The server never shows it.
        type: str
      mailbox:
        description:
          - The folder that mail is fetched from, V(INBOX) for a new profile that is given none.
        type: str
      fetch_interval:
        description:
          - How many seconds pass between two looks into the mailbox, V(60) for a new profile that is given none.
        type: int
      auth_type:
        description:
          - How the login is done, V(Plain) for a new profile that is given none.
          - V(OAuth2) needs a login in a browser afterwards, which only a person can do.
        type: str
        choices: [Plain, OAuth2]
      params:
        description:
          - Further parameters of the profile.
        type: dict
        suboptions:
          oauth2:
            description:
              - The OAuth client, for a login in a browser.
            type: dict
            suboptions:
              client_id:
                description:
                  - The identifier of the client.
                type: str
              client_secret:
                description:
                  - The secret of the client.
                type: str
              redirect_url:
                description:
                  - Where the login in a browser leads back to.
                type: str
      state:
        description:
          - Whether the profile exists.
        type: str
        choices: [present, absent]
      update_password:
        description:
          - V(always) writes O(defaults.password) on every run, since the server gives nothing to compare it with.
          - V(on_create) writes it only when the profile is created.
        type: str
        choices: [always, on_create]
      fetch_existing_mail:
        description:
          - Whether the profile may begin to fetch mail, which it does when it is enabled and listens, or gets another
            mailbox while it does. It then fetches all unread mail that is there, and runs its flow on each message.
          - Without it such a change is refused.
        type: bool
      erase_stored_mail:
        description:
          - Whether all mail that is stored with the profile may go when the profile is deleted. The server does not
            tell how much that is. Without it a deletion is refused.
        type: bool
  src:
    description:
      - A YAML or JSON file on the controller that holds the records, or a directory whose C(.yml), C(.yaml) and
        C(.json) files do. A file is a list of records, or a mapping with such a list under C(email_profiles).
      - The task reads it itself. Files that ansible-vault encrypted are decrypted, C(!vault) values too. Nothing in it
        is templated.
      - Give one of this, O(profiles), O(document) and O(from_variables). For very large fleets this is the faster
        way.
    type: path
  erase_stored_mail:
    description:
      - Whether all mail that is stored with the profiles that O(prune=true) removes may go. Without it none is pruned.
    type: bool
    default: false
notes:
  - What M(mailfleet.email.email_profile) says of servers and of its own limits holds here too.
seealso:
  - module: mailfleet.email.email_profile
  - module: mailfleet.email.email_profile_info
"""

EXAMPLES = r"""
- name: Describe all profiles in one place
  mailfleet.email.email_profiles_sync:
    api_url: https://webitel.example.com/api
    access_token: "{{ webitel_cloud_access_token }}"
    defaults:
      smtp_host: smtp.example.com
      imap_host: imap.example.com
      schema:
        name: Tickets
    profiles:
      - name: Support
        login: support@example.com
        password: "{{ support_mail_password }}"
      - name: Sales
        login: sales@example.com
        password: "{{ sales_mail_password }}"
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
    - {id: 8, name: Alarms}
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
      url: https://server.example.com/api/email/profile
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
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.sync_spec import (
    EMAIL_PROFILES_SYNC,
)


def main() -> None:
    """Run the module."""
    run_module(EMAIL_PROFILES_SYNC)


if __name__ == "__main__":
    main()
