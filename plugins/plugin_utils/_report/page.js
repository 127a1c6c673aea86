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
  // As many as fill a screen several times over; the next ones are made when the end of a list comes near.
  const AT_ONCE = 100;

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

  // Shows a list as far as it is looked at. Returns what shows all of the rest, for the printer.
  function lazily(list, items, element) {
    let next = 0;
    const end = make(list.localName === "tbody" ? "tr" : list.localName === "div" ? "div" : "li", "end");
    end.setAttribute("aria-hidden", "true");
    const watcher = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && more(),
      {rootMargin: "1000px"});
    function more(count = AT_ONCE) {
      const part = document.createDocumentFragment();
      for (const item of items.slice(next, next + count)) part.append(element(item));
      next = Math.min(items.length, next + count);
      end.remove();
      list.append(part);
      watcher.disconnect();
      if (next < items.length) {
        list.append(end);
        watcher.observe(end);
      }
    }
    list.replaceChildren();
    more();
    return {all: () => more(items.length), stop: () => watcher.disconnect()};
  }

  const thousands = (count) => count.toLocaleString("en");

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

  // What all records of a group get, and which they are.
  function bodyOfGroup(group) {
    const byHost = new Map();
    for (const row of group) byHost.set(row.host, [...(byHost.get(row.host) || []), row.record.key || row.record.kind]);
    const content = make("div", "body", diff(group[0].record.changes));
    for (const [host, keys] of byHost) content.append(make("p", "", `${host}: ${keys.join(", ")}`));
    for (const row of group) {
      for (const warning of row.record.warnings) content.append(make("p", "", `Warning: ${warning}`));
    }
    return content;
  }

  function place(task) {
    return [TITLES[task.product], task.server].filter(Boolean).join(" ");
  }

  const rows = report.hosts.flatMap((host) => host.tasks.flatMap((task) =>
    task.records.map((record) => ({host: host.host, task, record, element: null, text: null, alike: undefined}))));

  // Records that get the very same update are reported once; what else is alike is a thing of its own each.
  function alike(row) {
    if (row.alike === undefined) {
      const {record, task} = row;
      const grouped = ["updated", "unknown"].includes(record.action) && record.error === null && record.changes.length;
      row.alike = grouped ? JSON.stringify([record.kind, record.action, task.check_mode, record.changes]) : null;
    }
    return row.alike;
  }

  function groupsOf(found) {
    const groups = new Map();
    for (const row of found) {
      const key = alike(row) ?? row;
      if (groups.has(key)) groups.get(key).push(row);
      else groups.set(key, [row]);
    }
    return [...groups.values()];
  }

  const inWords = (value) => value === null ? "(not set)" : isMarker(value) ? value : JSON.stringify(value);

  function summary(group) {
    const [{host, task, record}] = group;
    const sign = make("span", "sign", SIGNS[record.action]);
    sign.setAttribute("aria-hidden", "true");
    const words = (task.check_mode ? TO_DO : DONE)[record.action];
    if (group.length === 1) {
      // All fields of a record that is created are new.
      const fields = record.action === "created" ? "" : record.changes.map((change) => change.field).join(", ");
      return make("summary", "", sign, " ", make("strong", "", record.key || record.kind), ` ${words} `,
        make("span", "quiet", [record.kind, host, place(task), fields].filter(Boolean).join(" · ")));
    }
    const noun = record.kind.split("_").pop().replace(/s$/, "") + "s";
    const hosts = new Set(group.map((row) => row.host)).size;
    const changes = record.changes.map(({field, before, after}) => `${field} ${inWords(before)} → ${inWords(after)}`);
    return make("summary", "", sign, " ", make("strong", "", `${thousands(group.length)} ${noun}`), ` ${words}: `,
      changes.join(", "), " ", make("span", "quiet", hosts > 1 ? `on ${thousands(hosts)} hosts` : host));
  }

  // The body is made when it is first unfolded.
  function unfold(details) {
    if (!details.querySelector(".body")) {
      details.append(details.group.length === 1 ? body(details.group[0]) : bodyOfGroup(details.group));
    }
  }

  let unfolded = false;
  let shownList = {all() {}, stop() {}};

  function elementOf(group) {
    const single = group.length === 1 ? group[0] : {};
    if (!single.element) {
      const details = make("details", `record ${group[0].record.action}`, summary(group));
      details.group = group;
      details.addEventListener("toggle", () => details.open && unfold(details));
      single.element = details;
    }
    if (unfolded) {
      unfold(single.element);
      single.element.open = true;
    }
    return single.element;
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
    const found = rows.filter((row) => actions.has(row.record.action) && (!host || row.host === host) &&
      words.every((word) => textOf(row).includes(word)));
    const groups = groupsOf(found);
    shownList.stop();
    shownList = lazily(find("#list"), groups, elementOf);
    find("#shown").textContent = `${thousands(found.length)} of ${thousands(rows.length)} records shown`;
    return groups.length;
  }

  function foldAll(open) {
    unfolded = open;
    for (const details of document.querySelectorAll("#list > .record")) {
      if (open) unfold(details);
      details.open = open;
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
      find("#actions").append(make("label", "", input, `${DONE[action]} (${thousands(counts.get(action))})`));
    }
    find("#actions").hidden = !rows.length;
    for (const host of report.hosts) {
      const option = make("option", "", host.host);
      option.value = host.host;
      find("#host").append(option);
    }
    if (showRecords() <= MOST_UNFOLDED) {
      foldAll(true);
      unfolded = false;
    }
  }

  const STATES = {failed: "failed", unreachable: "not reached", left_out: "left out", not_begun: "not begun", differs: "differ",
    changed: "changed", ok: "as described"};

  // How a host stands: what went wrong before what changes, and that before nothing.
  function stateOf(host) {
    if (host.status !== "ok") return host.status;
    const changing = (checked) => host.tasks.some((task) => task.check_mode === checked &&
      task.records.some((record) => ["created", "updated", "deleted"].includes(record.action)));
    return changing(true) ? "differs" : changing(false) ? "changed" : "ok";
  }

  function fillStates() {
    const counts = new Map(Object.keys(STATES).map((state) => [state, 0]));
    for (const host of report.hosts) counts.set(stateOf(host), counts.get(stateOf(host)) + 1);
    const there = [...counts].filter(([, count]) => count);
    const words = there.map(([state, count]) => `${thousands(count)} ${STATES[state]}`);
    find("#states .states").setAttribute("aria-label", `Hosts by state: ${words.join(", ")}`);
    for (const [index, [state, count]] of there.entries()) {
      const part = make("div", state);
      part.style.flexGrow = count;
      find("#states .states").append(part);
      const key = make("span", `key ${state}`);
      find("#states figcaption").append(make("span", "", key, ` ${words[index]}`), " ");
    }
    find("#states").hidden = !there.length;
  }

  const NAMES = ["Status", "Create", "Update", "Delete", "Unknown", "Unchanged", "Failed", "Seconds"];

  function rowOfHost(host) {
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
      return report.mode === "mixed" ? `${planned} planned, ${done} done` : thousands(planned + done);
    };
    const seconds = host.tasks.reduce((sum, task) => sum + task.duration, 0);
    const name = make("th", "", button);
    name.scope = "row";
    const cells = [host.status.replace("_", " "), ...["created", "updated", "deleted", "unknown", "none", "failed"].map(count), seconds.toFixed(1)];
    const row = make("tr", host.status, name, ...cells.map((text) => make("td", "", text)));
    // A phone has no room for the table's head, and shows these beside the values.
    [...row.querySelectorAll("td")].forEach((each, index) => each.dataset.name = NAMES[index]);
    row.querySelector("td").className = "status";
    return row;
  }

  const fillHosts = () => lazily(find("#hosts tbody"), report.hosts, rowOfHost);

  function fillProblems() {
    const found = [];
    for (const host of report.hosts) {
      for (const task of host.tasks) {
        const records = task.records.map((record) => [record.key || task.task, record]);
        for (const [where, reported] of [[task.task, task], ...records]) {
          if (reported.error !== null) found.push(["error", `${host.host}, ${where}: ${reported.error}`]);
          for (const warning of reported.warnings) found.push(["warning", `${host.host}, ${where}: warning: ${warning}`]);
        }
      }
    }
    find("#problems").hidden = !found.length;
    return lazily(find("#problems ul"), found, ([kind, text]) => make("li", kind, text));
  }

  function fillUndescribed() {
    const found = report.hosts.flatMap((host) => host.tasks.flatMap((task) =>
      task.undescribed.map((name) => `${host.host}, ${place(task)}: ${name}`)));
    find("#undescribed").hidden = !found.length;
    return lazily(find("#undescribed ul"), found, (text) => make("li", "", text));
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
    find("#timeline").hidden = !bars.size;
    const inOrder = [...bars.values()].sort((one, other) => one.from - other.from);
    return lazily(find("#timeline ol"), inOrder, ({host, task, from, to}) => {
      const bar = make("div", "bar");
      bar.style.left = `${Math.min(100, (100 * from) / whole)}%`;
      bar.style.width = `${Math.min(100, (100 * (to - from)) / whole)}%`;
      const name = make("div", "", task.task, make("div", "quiet",
        `${host}, at ${from.toFixed(1)} s for ${(to - from).toFixed(1)} s, ${task.status}`));
      return make("li", task.status, name, make("div", "track", bar));
    });
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
  fillStates();
  fillRecords();
  const lists = [fillProblems(), fillHosts(), fillUndescribed(), fillTimeline()];
  find("#search").addEventListener("input", later(showRecords));
  find("#records form").addEventListener("change", showRecords);
  find("#records form").addEventListener("submit", (event) => event.preventDefault());
  find("#open").addEventListener("click", () => foldAll(true));
  find("#close").addEventListener("click", () => foldAll(false));
  // Paper has no end that comes near.
  window.addEventListener("beforeprint", () => {
    for (const list of [...lists, shownList]) list.all();
    foldAll(true);
  });
})();
