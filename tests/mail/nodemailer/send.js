// Copyright (c) 2026, the mailfleet.email authors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Sends messages as Webitel's server does: one pool for each message, with the transport options as they are stored.
// Reads a JSON list of {options, from, to}; writes a JSON list of {info} or {error}, in the same order.
'use strict';

const nodemailer = require('nodemailer');
const pool = require('nodemailer-smtp-pool');

const AT_ONCE = 8;
const LONGEST_MILLISECONDS = 30000;

function send(message) {
  return new Promise((resolve) => {
    let transport;
    const end = (outcome) => {
      clearTimeout(timer);
      if (transport) transport.close();
      resolve(outcome);
    };
    const timer = setTimeout(() => end({ error: 'no end' }), LONGEST_MILLISECONDS);
    try {
      transport = nodemailer.createTransport(pool(message.options));
      transport.sendMail(
        { from: message.from, to: message.to, subject: 'Test message', text: 'This is a test message.' },
        (error, info) => end(error ? { error: error.message } : { info }),
      );
    } catch (error) {
      end({ error: error.message });
    }
  });
}

async function main() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const waiting = [...JSON.parse(Buffer.concat(chunks)).entries()];
  const outcomes = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, message] = next;
      outcomes[index] = await send(message);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  process.stdout.write(JSON.stringify(outcomes), () => process.exit(0));
}

main();
