// Copyright (c) 2026, the mailfleet.email authors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Sends messages as Webitel's server does: one pool for each message, with the transport options as they are stored.
// Reads a JSON list of {options, from, to}; writes a JSON list of {info} or {error}, in the same order.
'use strict';

const nodemailer = require('nodemailer');
const pool = require('nodemailer-smtp-pool');

const LONGEST_MILLISECONDS = 3000;

function send(message) {
  return new Promise((resolve) => {
    let transport;
    const end = (outcome) => {
      clearTimeout(timer);
      process.removeAllListeners('uncaughtException');
      if (transport) transport.close();
      resolve(outcome);
    };
    const timer = setTimeout(() => end({ error: 'no end' }), LONGEST_MILLISECONDS);
    // Some options make the library throw where nobody can catch it: this would end Webitel's server.
    process.on('uncaughtException', (error) => end({ error: `thrown: ${error.message}` }));
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
  const outcomes = [];
  for (const message of JSON.parse(Buffer.concat(chunks))) outcomes.push(await send(message));
  process.stdout.write(JSON.stringify(outcomes), () => process.exit(0));
}

main();
