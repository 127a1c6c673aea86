#!/bin/sh
# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Hands the password of ansible-vault from the environment on, so that it is in no file.
printf '%s' "$MAIL_VAULT_PASSWORD"
