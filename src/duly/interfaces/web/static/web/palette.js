// The command palette: a combobox over a listbox that the server fills.
"use strict";
(() => {
  const dialog = document.getElementById("palette");
  const ask = document.getElementById("palette-ask");
  const hits = document.getElementById("palette-hits");
  if (!dialog || !ask || !hits) return;

  const options = () => [...hits.querySelectorAll('[role="option"]')];
  const select = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (option) {
      ask.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else ask.removeAttribute("aria-activedescendant");
  };
  const selected = () => hits.querySelector('[aria-selected="true"]');
  const step = (by) => {
    const all = options();
    if (all.length) select(all[(all.indexOf(selected()) + by + all.length) % all.length]);
  };
  const go = (option) => { if (option?.dataset.address) location.assign(option.dataset.address); };

  dialog.addEventListener("duly:opened", () => {
    ask.focus();
    ask.select();
    htmx.trigger(ask, "palette-open");
  });
  hits.addEventListener("htmx:afterSwap", () => select(options()[0] || null));
  ask.addEventListener("keydown", (event) => {
    const act = { ArrowDown: () => step(1), ArrowUp: () => step(-1), Home: null, End: null }[event.key];
    if (act) { event.preventDefault(); act(); }
    if (event.key === "Escape") { event.preventDefault(); dialog.close(); }
  });
  ask.form.addEventListener("submit", (event) => { event.preventDefault(); go(selected()); });
  hits.addEventListener("click", (event) => go(event.target.closest('[role="option"]')));
  hits.addEventListener("mousemove", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option && option !== selected()) select(option);
  });
})();
