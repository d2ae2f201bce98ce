// The desk: one customer beside the list, dialogs for what is done, and the next one after it.
"use strict";
(() => {
  const deed = document.getElementById("deed");
  const panel = document.getElementById("item");
  const wide = matchMedia("(min-width: 60rem)");
  const rows = () => [...document.querySelectorAll(".worklist .item")];
  const current = () => document.querySelector('.worklist .item[aria-current="true"]');

  // ---- the panel follows the list; keys pressed before it is there wait for it
  let wanted = "", waiting = null;
  const isStale = () => Boolean(panel && wanted);
  let pause = 0;
  const show = (row) => {
    if (!panel) return;
    for (const other of rows()) other.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    wanted = row.dataset.detail;
    panel.setAttribute("aria-busy", "true");
    clearTimeout(pause);
    pause = setTimeout(() => htmx.ajax("GET", wanted, { target: panel, swap: "innerHTML", source: panel }), 40);
  };
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.(".worklist .item");
    if (row && wide.matches && row !== current()) show(row);
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest(".worklist .item");
    if (row && wide.matches && !event.ctrlKey && !event.metaKey) { event.preventDefault(); show(row); }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt !== panel) return;
    if (event.detail.pathInfo?.requestPath !== wanted) return;
    wanted = "";
    panel.removeAttribute("aria-busy");
    panel.scrollTop = 0;
    const key = waiting;
    waiting = null;
    if (key) panel.querySelector(`[aria-keyshortcuts="${key}"]`)?.click();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr, pathInfo } = event.detail;
    if (target === panel && wanted && pathInfo.requestPath !== wanted) event.detail.shouldSwap = false;
    if (target === deed && xhr.status === 422 && !xhr.getResponseHeader("HX-Reswap")) event.detail.shouldSwap = true;
  });
  // ---- several chosen: X marks the row, H and N are then for all of them
  const marks = () => [...document.querySelectorAll(".worklist [data-mark]")];
  const chosen = () => marks().filter((one) => one.checked);
  const bar = document.getElementById("several");
  const tell = () => {
    const number = new Set(chosen().map((one) => one.value)).size;
    const line = bar?.querySelector("[data-chosen]");
    if (line) line.textContent = `${number} chosen`;
  };
  document.addEventListener("change", (event) => { if (event.target.matches("[data-mark]")) tell(); });
  bar?.addEventListener("reset", () => setTimeout(tell));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-mark-all]")) return;
    for (const one of marks()) one.checked = true;
    tell();
  });
  bar?.addEventListener("submit", (event) => {
    if (!deed) return;
    event.preventDefault();
    const query = new URLSearchParams(new FormData(bar));
    const where = event.submitter?.getAttribute("formaction") || bar.getAttribute("action");
    htmx.ajax("GET", `${where}?${query}`, { target: deed, swap: "innerHTML" });
  });
  document.addEventListener("keydown", (event) => {
    const key = event.key.toUpperCase();
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (document.querySelector("[data-keys-off]")?.checked) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    if (key === "X") {
      const mark = (event.target.closest?.(".worklist li") || current()?.closest("li"))?.querySelector("[data-mark]");
      if (!mark) return;
      mark.checked = !mark.checked;
      tell();
    } else {
      const button = chosen().length && bar?.querySelector(`[data-several-key="${CSS.escape(key)}"]`);
      if (!button) return;
      button.click();
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  document.addEventListener("keydown", (event) => {
    const key = event.key.toUpperCase();
    if (!isStale() || !"CEPDHNT".includes(key) || key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, dialog")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = key;
  }, true);

  // ---- dialogs: the form of an act, over the page
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-deed]");
    if (opener && deed && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      deed.setAttribute("aria-busy", "true");
      htmx.ajax("GET", opener.getAttribute("href"), { target: deed, swap: "innerHTML" });
    }
    if (event.target.closest("[data-close-deed]") && deed?.open) { event.preventDefault(); deed.close(); }
    const refused = event.target.closest("[data-refuse]");
    if (refused) document.dispatchEvent(new CustomEvent("duly:toast", { detail: { text: refused.dataset.refuse, tone: "bad" } }));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || !event.target.matches?.("a[role=button]")) return;
    event.preventDefault();  // a link that acts as a button takes the space bar as one
    event.target.click();
  });
  deed?.addEventListener("htmx:afterSettle", () => {
    deed.removeAttribute("aria-busy");
    if (!deed.open) deed.showModal();
    const field = deed.querySelector('[aria-invalid="true"]') || deed.querySelector("input:not([type=hidden]), select, textarea") || deed.querySelector("button");
    field?.focus();
    field?.select?.();
  });
  deed?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || !event.target.matches("select, textarea, input[type=checkbox]")) return;
    event.preventDefault();
    deed.querySelector("form").requestSubmit();
  });
  deed?.addEventListener("close", () => { deed.replaceChildren(); (current() || panel)?.focus({ preventScroll: true }); });

  // ---- after an act: the row is marked, the next one is there
  document.addEventListener("duly:done", (event) => {
    const here = current();
    if (deed?.open) deed.close();
    if (!here || !panel) { refresh(); return; }
    const whom = new Set((event.detail.customers || [event.detail.customer]).map(String));
    for (const row of rows().filter((one) => whom.has(one.dataset.customer))) row.parentElement.classList.add("done");
    if (event.detail.customers) bar?.reset();
    const all = rows();
    const next = all.slice(all.indexOf(here) + 1).find((one) => !one.parentElement.classList.contains("done"));
    if (next && wide.matches) next.focus(); else show(here);
  });
  const refresh = () => {
    for (const part of document.querySelectorAll("[data-refresh]")) htmx.trigger(part, "desk-refresh");
    if (!document.querySelector("[data-refresh]")) location.reload();
  };
})();
