// Copyright (c) 2026, the mailfleet.email authors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Shows the document that stands in the page. Whatever comes from it becomes text (textContent), never markup.

"use strict";

(() => {
  const report = JSON.parse(document.getElementById("document").textContent);
  const SIGNS = {created: "+", updated: "~", deleted: "-", failed: "!", none: "=", sent: ">", not_sent: "?", unknown: "?"};
  const DONE = {created: "created", updated: "updated", deleted: "deleted", failed: "failed", none: "unchanged",
    sent: "sent", not_sent: "not sent", unknown: "written, differing or not"};
  const TO_DO = {...DONE, created: "to create", updated: "to update", deleted: "to delete", unknown: "to write, differing or not"};
  const TITLES = JSON.parse(document.getElementById("titles").textContent);
  const MOST_UNFOLDED = 30;

  const find = (selector) => document.querySelector(selector);

  // Characters that do not show as themselves, such as those that turn the direction of text around.
  function visible(text) {
    return String(text).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.codePointAt(0).toString(16)}}`);
  }

  function make(tag, name, ...content) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    for (const part of content) element.append(typeof part === "string" ? visible(part) : part);
    return element;
  }

  function isMarker(value) {
    return typeof value === "string" && /^<secret: .*>$/.test(value);
  }

  function cell(side, value) {
    if (value === null) return make("td", `${side} none`, "not set");
    return make("td", side, make("code", "", isMarker(value) ? value : JSON.stringify(value)));
  }

  function head(...names) {
    const row = make("tr");
    for (const name of names) {
      const cellOfHead = make("th", "", name);
      cellOfHead.scope = "col";
      row.append(cellOfHead);
    }
    return make("thead", "", row);
  }

  function diff(changes) {
    const body = make("tbody");
    for (const change of changes) {
      const name = make("th", "", change.field);
      name.scope = "row";
      body.append(make("tr", "", name, cell("before", change.before), cell("after", change.after)));
    }
    return make("table", "diff", head("Field", "Before", "After"), body);
  }

  function body({record, task}) {
    const content = make("div", "body");
    content.append(make("p", "quiet", `${task.play} / ${task.task}`));
    if (record.error !== null) content.append(make("p", "error", record.error));
    for (const warning of record.warnings) content.append(make("p", "", `Warning: ${warning}`));
    if (record.message !== null) {
      content.append(make("p", "", `From ${record.message.from} to ${record.message.to_email}, ` +
        `through ${JSON.stringify(record.message.via)}`));
    }
    if (record.changes.length) content.append(diff(record.changes));
    return content;
  }

  function place(task) {
    return [TITLES[task.product], task.server].filter(Boolean).join(" ");
  }

  const rows = report.hosts.flatMap((host) => host.tasks.flatMap((task) =>
    task.records.map((record) => ({host: host.host, task, record, element: null, text: null}))));

  // The body is made when it is first unfolded.
  function unfold(row) {
    if (!row.element.querySelector(".body")) row.element.append(body(row));
  }

  function element(row) {
    const {record, task} = row;
    const sign = make("span", "sign", SIGNS[record.action]);
    sign.setAttribute("aria-hidden", "true");
    const words = (task.check_mode ? TO_DO : DONE)[record.action];
    const fields = record.changes.map((change) => change.field).join(", ");
    const details = make("details", `record ${record.action}`, make("summary", "", sign, " ",
      make("strong", "", record.key || record.kind), ` ${words} `,
      make("span", "quiet", [record.kind, row.host, place(task), fields].filter(Boolean).join(" · "))));
    details.addEventListener("toggle", () => details.open && unfold(row));
    row.element = details;
    return details;
  }

  function textOf(row) {
    row.text ??= [row.host, row.task.server, row.task.play, row.task.task, JSON.stringify(row.record)]
      .join("\n").toLowerCase();
    return row.text;
  }

  function showRecords() {
    const words = find("#search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const host = find("#host").value;
    const actions = new Set([...document.querySelectorAll("#actions input:checked")].map((input) => input.value));
    let shown = 0;
    for (const row of rows) {
      const fits = actions.has(row.record.action) && (!host || row.host === host) &&
        words.every((word) => textOf(row).includes(word));
      row.element.hidden = !fits;
      shown += fits;
    }
    find("#shown").textContent = `${shown} of ${rows.length} records shown`;
  }

  function foldAll(open) {
    for (const row of rows) {
      if (row.element.hidden) continue;
      if (open) unfold(row);
      row.element.open = open;
    }
  }

  function fillRecords() {
    const counts = new Map();
    for (const {record} of rows) counts.set(record.action, (counts.get(record.action) || 0) + 1);
    for (const action of Object.keys(SIGNS).filter((name) => counts.has(name))) {
      const input = make("input");
      input.type = "checkbox";
      input.value = action;
      input.checked = action !== "none" || counts.size === 1;
      find("#actions").append(make("label", "", input, `${DONE[action]} (${counts.get(action)})`));
    }
    find("#actions").hidden = !rows.length;
    for (const host of report.hosts) {
      const option = make("option", "", host.host);
      option.value = host.host;
      find("#host").append(option);
    }
    const list = document.createDocumentFragment();
    for (const row of rows) list.append(element(row));
    find("#list").append(list);
    showRecords();
    if (rows.filter((row) => !row.element.hidden).length <= MOST_UNFOLDED) foldAll(true);
  }

  function fillHosts() {
    for (const host of report.hosts) {
      const button = make("button", "", host.host);
      button.type = "button";
      button.title = "Show the records of this host";
      button.addEventListener("click", () => {
        find("#host").value = host.host;
        showRecords();
        find("#records-title").scrollIntoView();
      });
      const records = (checked) =>
        host.tasks.filter((task) => task.check_mode === checked).flatMap((task) => task.records);
      const count = (action) => {
        const [planned, done] = [true, false].map((checked) =>
          records(checked).filter((record) => record.action === action).length);
        return report.mode === "mixed" ? `${planned} planned, ${done} done` : String(planned + done);
      };
      const seconds = host.tasks.reduce((sum, task) => sum + task.duration, 0);
      const name = make("th", "", button);
      name.scope = "row";
      find("#hosts tbody").append(make("tr", host.status, name, make("td", "status", host.status),
        ...["created", "updated", "deleted", "unknown", "none", "failed"].map((action) => make("td", "", count(action))),
        make("td", "", seconds.toFixed(1))));
    }
  }

  function fillProblems() {
    const list = find("#problems ul");
    for (const host of report.hosts) {
      for (const task of host.tasks) {
        const records = task.records.map((record) => [record.key || task.task, record]);
        for (const [where, told] of [[task.task, task], ...records]) {
          const add = (kind, text) => list.append(make("li", kind, `${host.host}, ${where}: ${text}`));
          if (told.error !== null) add("error", told.error);
          for (const warning of told.warnings) add("warning", `warning: ${warning}`);
        }
      }
    }
    find("#problems").hidden = !list.children.length;
  }

  function fillUndescribed() {
    const list = find("#undescribed ul");
    for (const host of report.hosts) {
      for (const task of host.tasks) {
        for (const name of task.undescribed) list.append(make("li", "", `${host.host}, ${place(task)}: ${name}`));
      }
    }
    find("#undescribed").hidden = !list.children.length;
  }

  function fillTimeline() {
    const began = Date.parse(report.started);
    const whole = Math.max(report.duration, 0.001);
    const bars = new Map();
    for (const host of report.hosts) {
      for (const task of host.tasks) {
        const key = JSON.stringify([host.host, task.play, task.task, task.module]);
        const from = Math.max(0, (Date.parse(task.started) - began) / 1000);
        const bar = bars.get(key) || {host: host.host, task, from, to: from};
        bar.to = Math.max(bar.to, from + task.duration);
        bars.set(key, bar);
      }
    }
    const list = document.createDocumentFragment();
    for (const {host, task, from, to} of [...bars.values()].sort((one, other) => one.from - other.from)) {
      const bar = make("div", "bar");
      bar.style.left = `${Math.min(100, (100 * from) / whole)}%`;
      bar.style.width = `${Math.min(100, (100 * (to - from)) / whole)}%`;
      const name = make("div", "", task.task, make("div", "quiet",
        `${host}, at ${from.toFixed(1)} s for ${(to - from).toFixed(1)} s, ${task.status}`));
      list.append(make("li", task.status, name, make("div", "track", bar)));
    }
    find("#timeline ol").append(list);
    find("#timeline").hidden = !bars.size;
  }

  function later(work) {
    let timer = 0;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(work, 120);
    };
  }

  find("#run").textContent = visible(`${report.started}, ${report.duration.toFixed(1)} seconds, ${report.mode}; ` +
    `what was read has the fingerprint ${report.fingerprint}`);
  fillProblems();
  fillHosts();
  fillRecords();
  fillUndescribed();
  fillTimeline();
  find("#search").addEventListener("input", later(showRecords));
  find("#records form").addEventListener("change", showRecords);
  find("#records form").addEventListener("submit", (event) => event.preventDefault());
  find("#open").addEventListener("click", () => foldAll(true));
  find("#close").addEventListener("click", () => foldAll(false));
  window.addEventListener("beforeprint", () => foldAll(true));
})();
