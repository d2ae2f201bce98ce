// Sets the chosen theme before anything is drawn. Chosen: "light", "dark", or nothing (as the system).
(() => {
  let chosen = null;
  try { chosen = localStorage.getItem("duly-theme"); } catch { /* storage is switched off */ }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
