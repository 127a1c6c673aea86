# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the modules that manage many records in one task."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of the modules that manage many records in one task."""

    DOCUMENTATION = r"""
options:
  document:
    description:
      - A YAML or JSON file on the controller that describes the host, or a directory of such files, at any depth. Each
        is a mapping of C(email_settings), C(email_accounts) or both to lists of records.
      - Its templates are rendered with the host's variables. What is marked with C(!unsafe) or C(!vault) is no
        template. The files C(vault*.yml) of the directory hold no records, but variables for the templates of the
        others; they are decrypted where ansible-vault encrypted them.
      - Where a value is rendered to C(omit), it counts as not given.
      - A document that says nothing about this kind of record, or has null in the place of its list, skips the task.
      - Its key C(defaults) is a mapping of the same kinds to options, as O(defaults), and counts more than that. Two
        files that give the same option a default are an error.
      - With a list of documents, the records of all of them are joined.
      - Give one of this, O(src), O(from_variables) and the list of records.
    type: list
    elements: path
  from_variables:
    description:
      - Names of variables of the host that hold lists of records, which are joined. Two records that are found by the
        same are an error that names the variables of both. One that is null is not given.
      - Give one of this, O(src), O(document) and the list of records.
    type: list
    elements: str
  plan:
    description:
      - Makes the task a part of a plan that people review. The result then has RV(fingerprints).
    type: dict
    suboptions:
      path:
        description:
          - The file on the controller that M(mailfleet.email.plan_file) wrote, in the place of
            O(plan.reviewed). The task does what it says of its host, or nothing. Where that was changed or cut off
            since it was written, the task fails before it asks a server for anything.
          - Only what the file says of this host is read and checked.
        type: path
      key:
        description:
          - A secret that makes passwords count in the fingerprints. Without it they count as the markers that a diff
            shows, so that nobody can guess at a password with the help of a plan.
          - What was planned with a key is carried out with the same key.
          - An empty key is an error.
        type: str
      reviewed:
        description:
          - What was reviewed. Where the task would now read or do anything else, it fails before it writes, and names
            the records that moved.
          - O(plan.path) takes it from the file of a plan.
        type: list
        elements: dict
        suboptions:
          record:
            description:
              - The RV(results[].key) of the record.
            type: str
            required: true
          action:
            description:
              - The RV(results[].action) of the record.
            type: str
            required: true
          changed_fields:
            description:
              - The RV(results[].changed_fields) of the record, to tell them where they are not the same any more.
            type: list
            elements: str
          fingerprint:
            description:
              - The entry of the record in RV(fingerprints).
            type: str
            required: true
          outcomes:
            description:
              - The entry of the record in RV(outcomes).
            type: list
            elements: str
      done:
        description:
          - What becomes of records that are already what O(plan.reviewed) makes of them. With V(accept) they count as
            done, so that a run which was interrupted is taken up again with the same plan. With V(refuse) they are not
            what was reviewed.
          - A password that its server does not show is written again where the description asks for it.
        type: str
        choices: [accept, refuse]
        default: refuse
  offline:
    description:
      - Whether the description is only checked, by all that shows without a server. Neither an address nor credentials
        are needed, but what is given of the connection must be right. RV(validated) tells how many records were
        checked.
      - Of templates, secrets whose variables are not defined, and what ansible-vault encrypted and cannot be decrypted
        here, count as not given.
    type: bool
    default: false
  undescribed:
    description:
      - Whether the result lists what is live and not described, as RV(undescribed). What O(prune_keep) keeps is not
        in it.
    type: bool
    default: false
  write_passwords:
    description:
      - Of which records the password is written in this run, whatever their C(update_password) says. V(true) means all
        that have one in the description, else it is the names of records, as RV(results[].key) shows them.
      - Where the server shows passwords, one that does not differ is still not written.
      - A name that no record has brings a warning. A word such as C(always) that means neither all nor none fails,
        unless a record is called so.
    type: list
    elements: str
  prune:
    description:
      - Whether live records that are not described are removed.
    type: bool
    default: false
  prune_keep:
    description:
      - Patterns in the manner of the shell, such as C(System*). A record is never pruned where one of them fits its
        name, address or domain, whatever the case of the letters.
    type: list
    elements: str
    default: []
  prune_limit:
    description:
      - How many records may be pruned at most, as a number such as V(10) or a share of all live ones such as V(25%).
        A share is at most V(100%). Where more would go, the task fails before it writes anything.
      - Domains that O(prune_keep) keeps are not read, and count as live ones.
      - With an empty list of records it takes V(100%) to prune at all.
    type: str
    default: 25%
  on_error:
    description:
      - Whether the other records are still brought to their state after one of them failed.
    type: str
    choices: [continue, stop]
    default: continue
  concurrency:
    description:
      - How many requests are under way at the same time, and so how many connections are open at most.
      - It is from V(1) to V(64).
    type: int
    default: 8
  rate_limit:
    description:
      - How many requests a second are sent at most, for servers that need care, at least one a day.
        No limit if not given.
      - Where a server answers that there are too many (429), all requests of the task wait, as long as it asks
        for and at most 20 seconds at a time.
    type: float
  progress:
    description:
      - Whether long work shows a line every two seconds, on standard error. Only a task that runs in the process of
        Ansible itself can show it.
    type: bool
    default: true
"""
