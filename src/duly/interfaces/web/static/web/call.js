// A call by keys: one picks what they say or what came of it, Enter records, Escape leaves.
"use strict";
(() => {
  const form = () => document.getElementById("call-form");
  const isTyping = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, summary, a, button");
  document.addEventListener("keydown", (event) => {
    if (!form() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && event.target.matches?.("select, input[type=checkbox]")) {
      event.preventDefault();
      form().requestSubmit();
      return;
    }
    if (isTyping(event.target)) return;
    if (event.key === "Enter" && !event.target.matches?.("input")) {
      event.preventDefault();
      form().requestSubmit();
      return;
    }
    if (event.key === "Escape") { form().querySelector("[data-leave]").click(); return; }
    if (event.key.length !== 1 || document.querySelector("[data-keys-off]")?.checked) return;
    const pick = form().querySelector(`[data-pick="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!pick) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pick.checked = true;
    pick.focus();
    pick.dispatchEvent(new Event("change", { bubbles: true }));
  }, true);
  document.addEventListener("change", (event) => {
    if (event.target.name !== "outcome" || event.target.value !== "promised") return;
    form().querySelector("[name=has_promise]").checked = true;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr } = event.detail;
    if (target === form() && xhr.status === 422 && !xhr.getResponseHeader("HX-Reswap")) event.detail.shouldSwap = true;
  });
  document.addEventListener("htmx:afterSettle", () => {
    form()?.querySelector('[aria-invalid="true"]')?.focus();
  });
})();
