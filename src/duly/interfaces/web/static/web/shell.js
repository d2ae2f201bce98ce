// The frame around every page: theme, menus, dialogs, toasts, single keys, focus.
"use strict";
(() => {
  const root = document.documentElement;
  const stored = {
    get: (name) => { try { return localStorage.getItem(name); } catch { return null; } },
    set: (name, value) => {
      try { if (value === null) localStorage.removeItem(name); else localStorage.setItem(name, value); } catch { /* switched off */ }
    },
  };

  // ---- theme: as the system, light, dark
  const themes = { auto: "as the system", light: "light", dark: "dark" };
  const sayTheme = () => {
    const now = root.dataset.theme || "auto";
    for (const button of document.querySelectorAll("[data-theme-switch]")) button.setAttribute("aria-label", `Theme: ${themes[now]}`);
  };
  const nextTheme = () => {
    const order = Object.keys(themes);
    const next = order[(order.indexOf(root.dataset.theme || "auto") + 1) % order.length];
    if (next === "auto") { delete root.dataset.theme; stored.set("duly-theme", null); }
    else { root.dataset.theme = next; stored.set("duly-theme", next); }
    sayTheme();
    announce(`Theme: ${themes[next]}`);
  };

  // ---- what was done can be taken back for a minute: the button says for how long
  const countDown = (toast) => {
    let left = 60;
    const line = toast.querySelector("[data-left]");
    const timer = setInterval(() => {
      left -= 1;
      line.textContent = `${left} s`;
      if (left <= 0) toast.remove();
      if (!toast.isConnected) clearInterval(timer);
    }, 1000);
  };

  // ---- toasts: one at a time, gone by itself after ten seconds unless someone is on it
  const shelf = () => document.getElementById("toasts");
  const leave = (toast) => {
    if (toast.querySelector("[data-undo]")) { countDown(toast); return; }
    let timer = setTimeout(() => toast.remove(), 10000);
    const hold = () => clearTimeout(timer);
    const release = () => { timer = setTimeout(() => toast.remove(), 4000); };
    toast.addEventListener("mouseenter", hold);
    toast.addEventListener("focusin", hold);
    toast.addEventListener("mouseleave", release);
    toast.addEventListener("focusout", release);
  };
  const showToast = ({ text, remedy, tone, undo }) => {
    const toast = document.getElementById(undo ? "toast-undo" : tone === "bad" ? "toast-bad" : "toast-good").content.firstElementChild.cloneNode(true);
    toast.querySelector("[data-text]").textContent = [text, remedy].filter(Boolean).join(" ");
    if (undo) { toast.querySelector("[name=token]").value = undo; htmx.process(toast); }
    shelf().replaceChildren(toast);
    leave(toast);
  };
  const announce = (text) => {
    let line = document.getElementById("announced");
    if (!line) {
      line = Object.assign(document.createElement("p"), { id: "announced", className: "visually-hidden" });
      line.setAttribute("role", "status");
      document.body.append(line);
    }
    line.textContent = text;
  };
  document.addEventListener("duly:toast", (event) => showToast(event.detail));
  document.addEventListener("htmx:sendError", () => showToast({ text: "The server can't be reached.", remedy: "Nothing was changed. Try again in a moment.", tone: "bad" }));
  document.addEventListener("htmx:responseError", (event) => {
    const xhr = event.detail.xhr;
    if (!xhr.getResponseHeader("HX-Trigger")) showToast({ text: "That did not work.", remedy: "Nothing was changed. Open the page again.", tone: "bad" });
  });

  // ---- dialogs and menus
  const open = (id) => {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    document.querySelector("dialog[open]")?.close();
    dialog.showModal();
    dialog.dispatchEvent(new CustomEvent("duly:opened"));
  };
  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest(selector);
    const opener = hit("[data-open]");
    if (opener) open(opener.dataset.open);
    if (hit("[data-close]")) hit("dialog").close();
    if (hit("[data-dismiss]")) hit("[data-toast]").remove();
    if (hit("[data-theme-switch]")) nextTheme();
    if (hit("[data-print]")) window.print();
    if (event.target instanceof HTMLDialogElement) event.target.close();
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-keys-off]")) stored.set("duly-keys", event.target.checked ? "off" : null);
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });

  // ---- single keys: never inside a field or a dialog, and they can be switched off (WCAG 2.1.4)
  const isTyping = (target) => target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  let awaitsPlace = 0;
  const items = () => [...document.querySelectorAll("[data-key-list] [data-key-item]")].filter((item) => item.offsetParent);
  const move = (step) => {
    const all = items();
    if (!all.length) return false;
    let at = all.findIndex((item) => item === document.activeElement || item.contains(document.activeElement));
    if (at < 0) at = all.findIndex((item) => item.getAttribute("aria-current") === "true");
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    (next.matches("a, button") ? next : next.querySelector("a, button"))?.focus();
    return true;
  };
  const goTo = (key) => {
    const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (link) location.assign(link.href);
    return Boolean(link);
  };
  const search = () => {
    const field = document.querySelector("[data-key-search]");
    if (field && field.offsetParent) { field.focus(); field.select?.(); } else open("palette");
    return true;
  };
  const press = (key) => {
    if (Date.now() - awaitsPlace < 1500) { awaitsPlace = 0; if (goTo(key)) return true; }
    if (key === "g") { awaitsPlace = Date.now(); return true; }
    if (key === "/") return search();
    if (key === "?") { open("keys"); return true; }
    if (key === "j") return move(1);
    if (key === "k") return move(-1);
    const inRow = document.activeElement.closest?.("[data-row]")?.querySelector(`[data-row-key="${CSS.escape(key.toUpperCase())}"]`);
    if (inRow) { inRow.click(); return true; }
    if (key === "z" && document.querySelector("[data-undo]")) { document.querySelector("[data-undo]").click(); return true; }
    const named = document.querySelector(`main [aria-keyshortcuts="${CSS.escape(key.toUpperCase())}"]`);
    if (named) { named.focus(); named.click(); return true; }
    return false;
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open("palette");
      return;
    }
    if (event.key === "Escape") {
      const menu = document.querySelector("details.menu[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
      document.querySelector("[data-toast]")?.remove();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && event.key === "g") return;
    if (isTyping(event.target) || document.querySelector("dialog[open]") || stored.get("duly-keys") === "off") return;
    if (event.key.length === 1 && press(event.key.toLowerCase())) event.preventDefault();
  });

  // ---- after a part was swapped, focus stays where the reader was, or goes where the part says
  document.addEventListener("htmx:afterSettle", (event) => {
    event.detail.elt.querySelector?.("[data-focus]")?.focus();
  });

  // ---- first draw
  const start = () => {
    sayTheme();
    const off = document.querySelector("[data-keys-off]");
    if (off) off.checked = stored.get("duly-keys") === "off";
    for (const toast of document.querySelectorAll("[data-toast]")) leave(toast);
  };
  start();
})();
