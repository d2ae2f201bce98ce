// Seconds left to undo, counted down where the page tells until when.
"use strict";
(() => {
  const tick = () => {
    for (const place of document.querySelectorAll("[data-until]")) {
      const left = Math.ceil((Date.parse(place.dataset.until) - Date.now()) / 1000);
      place.textContent = left > 0 ? `in ${left} s` : "now";
      if (left > 0) continue;
      place.removeAttribute("data-until");
      place.closest("[data-row]")?.querySelector('[data-row-key="Z"]')?.remove();
    }
  };
  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSettle", tick);
})();
