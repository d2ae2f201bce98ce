// Cash: one line of the bank beside the list. Enter applies what is shown; amounts add up as they are typed.
"use strict";
(() => {
  const panel = document.getElementById("item");
  if (!panel) return;
  const wide = matchMedia("(min-width: 60rem)");
  const rows = () => [...document.querySelectorAll(".worklist .item")];
  const current = () => document.querySelector('.worklist .item[aria-current="true"]');

  // ---- the panel follows the list; nothing is applied of a line that is not there yet
  let wanted = "", pause = 0;
  const ask = (address) => {
    wanted = address;
    panel.setAttribute("aria-busy", "true");
    clearTimeout(pause);
    pause = setTimeout(() => htmx.ajax("GET", wanted, { target: panel, swap: "innerHTML", source: panel }), 40);
  };
  const show = (row) => {
    for (const other of rows()) other.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    ask(row.dataset.detail);
  };
  const isStale = () => Boolean(wanted) || panel.getAttribute("aria-busy") === "true";
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.(".worklist .item");
    if (row && wide.matches && row !== current()) show(row);
  });
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const row = event.target.closest(".worklist .item");
    if (row && wide.matches) { event.preventDefault(); show(row); return; }
    if (row && row !== current()) { show(row); return; }  // a phone goes to the line by its address
    const line = event.target.closest("[data-line]");
    if (line) { event.preventDefault(); ask(line.dataset.line); }
    if (event.target.closest("[data-skip]")) next();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-line-form]");
    if (!form) return;
    event.preventDefault();
    ask(`${form.dataset.lineForm}?${new URLSearchParams(new FormData(form))}`);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, pathInfo } = event.detail;
    if (target === panel && wanted && pathInfo.requestPath !== wanted) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!panel.contains(event.detail.elt) && event.detail.elt !== panel) return;
    if (wanted && event.detail.pathInfo?.requestPath !== wanted) return;
    wanted = "";
    panel.removeAttribute("aria-busy");
    add();
  });
  document.addEventListener("htmx:responseError", () => { wanted = ""; panel.removeAttribute("aria-busy"); });
  document.addEventListener("htmx:sendError", () => { wanted = ""; panel.removeAttribute("aria-busy"); });

  // ---- after an act: the row is marked, the next one is there
  const next = () => {
    const all = rows(), here = current();
    const after = all.slice(all.indexOf(here) + 1).find((one) => !one.parentElement.classList.contains("done"));
    const one = after || all.find((row) => row !== here && !row.parentElement.classList.contains("done"));
    if (!one) { if (here) location.assign(location.pathname); return; }
    if (wide.matches) one.focus(); else show(one);
    if (!wide.matches) panel.scrollIntoView();
  };
  document.addEventListener("duly:line", (event) => {
    const row = rows().find((one) => one.dataset.payment === String(event.detail.payment));
    if (!row) { location.assign(location.pathname); return; }
    row.parentElement.classList.add("done");
    next();
  });

  // ---- amounts in minor units, whole numbers
  const match = () => document.getElementById("match");
  const decimals = () => Number(match().dataset.decimals);
  const most = (kind) => {  // that one person may let go
    const limits = { tolerance: match().dataset.most, bank_fee: match().dataset.mostCharges };
    return Number(limits[kind] ?? Infinity);
  };
  const unmarked = (told) => {  // grouping gone, a point before the decimals; as typed.py reads it
    const at = Math.max(told.lastIndexOf("."), told.lastIndexOf(","));
    if (at < 0) return told;
    const [whole, last, part] = [told.slice(0, at), told[at], told.slice(at + 1)];
    const isLone = !/[.,]/.test(whole), byComma = match().dataset.mark === ",";
    const isGroup = decimals() >= 3 ? last === "," && !byComma : last === "," || byComma;
    const groups = part.length === 3 && (whole.includes(last) || (isLone && isGroup));
    if (!groups && whole.includes(last)) return null;
    const grouped = groups ? told : whole;
    if (grouped && !/^-?(\d{1,3}([.,])\d{3}(\2\d{3})*|\d+)$/.test(grouped)) return null;
    return (grouped || "0").replace(/[.,]/g, "") + (groups || !part ? "" : `.${part}`);
  };
  const minor = (text) => {
    const plain = unmarked(text.replace(/[\s'\u2019]/g, "").replace("\u2212", "-"));
    const found = /^(-?)(\d+)(?:\.(\d*))?$/.exec(plain ?? "");
    if (!found || (found[3] || "").length > decimals()) return null;
    const value = Number(found[2] + (found[3] || "").padEnd(decimals(), "0"));
    return found[1] ? -value : value;
  };
  const plain = (value) => {
    const digits = String(Math.abs(value)).padStart(decimals() + 1, "0");
    const at = digits.length - decimals();
    return (value < 0 ? "-" : "") + digits.slice(0, at) + (decimals() ? `.${digits.slice(at)}` : "");
  };
  const money = (value) => {
    const [whole, part] = plain(value).split(".");
    return whole.replace(/\B(?=(\d{3})+$)/g, ",").replace("-", "\u2212") + (part ? `.${part}` : "");
  };
  const parts = (row) => ({
    open: Number(row.dataset.open),
    mark: row.querySelector("[name=item]"),
    field: row.querySelector("input.num"),
    rest: row.querySelector("select.rest"),
  });
  const items = () => [...panel.querySelectorAll(".match-items tbody tr")];
  const chosen = () => items().filter((row) => parts(row).mark.checked);
  const paid = (row) => minor(parts(row).field.value) ?? 0;
  const short = (row) => { const one = parts(row); return one.open > 0 ? Math.max(0, one.open - paid(row)) : 0; };

  const add = () => {
    const form = match();
    if (!form || !form.querySelector("[data-says]")) return;
    const sums = { cash: 0, discount: 0, bank_fee: 0, tolerance: 0, items: 0 };
    let missing = 0, kept = false;
    for (const row of items()) {
      const one = parts(row);
      row.classList.toggle("is-on", one.mark.checked);
      one.field.toggleAttribute("aria-invalid", one.mark.checked && minor(one.field.value) === null);
      if (!one.mark.checked) { row.classList.remove("is-short"); continue; }
      const value = paid(row), left = short(row);
      sums.cash += value;
      sums.items += value;
      missing += left;
      const told = one.rest.value.includes("=") ? Object.fromEntries(one.rest.value.split(";").map((part) => part.split("="))) : { [one.rest.value]: left };
      for (const [kind, amount] of Object.entries(told)) {
        if (kind === "deduction" && left) kept = true;
        if (!(kind in sums)) continue;
        sums[kind] += Number(amount);
        sums.items += Number(amount);
      }
      one.rest.disabled = !left;
      row.classList.toggle("is-short", left > 0);
    }
    const over = sums.cash - Number(form.dataset.left), left = -over;
    const says = { fits: over === 0 && !missing, over: over > 0, left: left > 0, short: missing > 0 };
    for (const [name, is] of Object.entries(says)) form.querySelector(`[data-says="${name}"]`).hidden = !is;
    for (const [name, value] of Object.entries({ over, left, short: missing })) {
      form.querySelector(`[data-amount="${name}"]`).textContent = money(Math.max(0, value));
    }
    for (const [name, value] of Object.entries(sums)) {
      const row = form.querySelector(`[data-post="${name}"]`);
      row.hidden = !value;
      row.querySelector("[data-debit], [data-credit]").textContent = money(value);
    }
    form.querySelector("[data-deduction]").hidden = !kept;
    const isLarge = sums.tolerance > most("tolerance") || sums.bank_fee > most("bank_fee");
    form.querySelector("[data-ask]").hidden = !isLarge;
    form.querySelector("[data-accept]")?.toggleAttribute("hidden", isLarge);
    const kinds = new Set(chosen().filter(short).map((row) => parts(row).rest.value));
    for (const button of form.querySelectorAll("[data-rest]")) {
      button.setAttribute("aria-pressed", String(kinds.size > 0 && kinds.has(button.dataset.rest)));
    }
  };

  // ---- an item taken or dropped: what is left of the money goes to it
  const take = (row) => {
    const one = parts(row);
    if (one.mark.checked) {
      const used = chosen().filter((other) => other !== row).reduce((sum, other) => sum + paid(other), 0);
      const left = Number(match().dataset.left) - used;
      one.field.value = plain(one.open < 0 ? one.open : Math.max(0, Math.min(one.open, left)));
    } else {
      one.field.value = "";
      one.rest.value = "";
    }
    add();
  };
  panel.addEventListener("change", (event) => {
    const row = event.target.closest(".match-items tbody tr");
    if (event.target.matches("[name=item]")) take(row);
    else if (row) add();
  });
  panel.addEventListener("input", (event) => {
    const row = event.target.closest(".match-items tbody tr");
    if (!row || !event.target.matches("input.num")) return;
    parts(row).mark.checked = Boolean(event.target.value.trim());
    add();
  });

  // ---- what is short: for the row one is on, or for all that are short
  const say = (text) => { panel.querySelector("[data-refused]").textContent = text; };
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("[data-rest]");
    if (!button) return;
    say("");
    if (button.getAttribute("aria-disabled") === "true") { say(button.dataset.why); return; }
    const kind = button.dataset.rest;
    const missing = chosen().filter(short);
    const total = missing.reduce((sum, row) => sum + short(row), 0);
    if (!missing.length) { say("Nothing is short."); return; }
    if (total > most(kind)) say(button.dataset.over);
    for (const row of missing) parts(row).rest.value = kind;
    add();
    if (kind === "deduction") document.getElementById("reason")?.focus();
    else if (!event.isTrusted) panel.focus({ preventScroll: true });  // said by its key: Enter applies
  });

  // ---- keys
  const isTyping = (target) => target.closest?.("input:not([type=checkbox]), textarea, select");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (document.querySelector("[data-keys-off]")?.checked) return;
    const inItems = event.target.closest?.(".match-items");
    if (event.key === "Enter" && !event.repeat) {
      const isOwn = event.target.closest?.("button, summary, textarea, .detail a, .tools, .topbar, .rail, .cash-filters, form:not(#match)");
      if (isOwn && !event.target.closest(".worklist")) return;
      if (event.target.matches?.("select")) event.preventDefault();
      const accept = panel.querySelector("[data-accept]");
      if (!wide.matches && event.target.closest?.(".worklist")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (accept && !accept.hidden && !isStale()) accept.click();
      return;
    }
    if (event.key === "Escape" && event.target.closest?.("#item")) { (current() || panel).focus(); return; }
    if (inItems && event.target.matches("[name=item]") && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      const all = items().map((row) => parts(row).mark);
      all[all.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
      event.preventDefault();
      return;
    }
    if (isTyping(event.target)) return;
    if (["ArrowDown", "ArrowUp"].includes(event.key) && !event.target.closest?.(".items-wrap, details")) {
      const all = rows(), at = all.indexOf(current());
      const one = all[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), all.length - 1)];
      if (one) { one.focus(); event.preventDefault(); }
    } else if (event.key.toLowerCase() === "i" && panel.querySelector("[name=item]")) {
      (chosen()[0] || items()[0]).querySelector("[name=item]").focus();
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (isStale() && event.key.length === 1 && "ldbscon123456789".includes(event.key.toLowerCase())) {
      event.preventDefault();  // of a line that is not there yet
      event.stopImmediatePropagation();
    }
  }, true);
  panel.addEventListener("toggle", (event) => {
    if (event.target.matches("[data-aside]") && event.target.open) event.target.querySelector("[name=why]").focus();
  }, true);
  current()?.scrollIntoView({ block: "nearest" });
  add();
})();
