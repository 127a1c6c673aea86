# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of every module that talks to a server."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of every module that talks to a server."""

    DOCUMENTATION = r"""
options:
  validate_certs:
    description:
      - Whether the server's TLS certificate is checked. Switch this off only for a server on your own desk.
      - To trust an authority of your own, give O(ca_path) instead.
    type: bool
    default: true
  ca_path:
    description:
      - A file with the certificates of authorities to trust as well, or a directory of them, on the host that runs the
        module.
      - Trusted without it are the authorities of the system, as C(ansible.builtin.uri) trusts them; where it has none,
        those that the Python library C(requests) knows. What E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE) names takes
        their place. E(SSL_CERT_FILE) and E(SSL_CERT_DIR) say where the system's are.
    type: path
  client_cert:
    description:
      - A file with the certificate that is shown to a server that asks for one, in the format PEM, on the host that
        runs the module. It can hold the key as well.
    type: path
    version_added: 1.0.0
  client_key:
    description:
      - A file with the key of O(client_cert), without a passphrase.
    type: path
    version_added: 1.0.0
  timeout:
    description:
      - How many seconds one request may take to be answered, from the first byte to the last.
      - To connect it may take as long before, yet 10 seconds at most. A server that has not taken the connection by
        then is not asked again.
    type: float
    default: 30
  retries:
    description:
      - How many times a request is retried after a transient failure, V(0) for never. A transient failure is a
        connection that fails or breaks, an answer that does not come in time, and the HTTP status 408, 429, 502, 503
        or 504; for reads also 500.
      - Before the first repetition it waits up to half a second, then up to twice as long each time, at most 20
        seconds; each time a random part of that. Where the server asks for a pause with C(Retry-After), that counts, up
        to 20 seconds.
      - Where the answer to a write is lost, the record is read first, and only what is still missing is sent.
    type: int
    default: 3
  deadline:
    description:
      - How many seconds a request may take with all its repetitions and the pauses between them; for a write also with
        the reads that find out what became of it. No repetition begins that could not end in time.
    type: float
    default: 120
requirements:
  - requests >= 2.28
  - voluptuous >= 0.13
notes:
  - The proxies that the environment names, for example in E(HTTPS_PROXY), are used as the Python library C(requests)
    uses them. Credentials in a C(.netrc) file are not.
  - No redirect is followed, since the credentials would go with it. The error names the address to set O(api_url) to.
  - Neither the result nor the diff holds a secret. The C(item) of a loop does, if you loop over records with passwords;
    loop over their indexes, or set C(no_log) on such a task.
"""
