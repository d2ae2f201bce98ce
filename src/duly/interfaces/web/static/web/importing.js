// Files dropped, runs that take a moment: what the pages of imports do beyond plain forms.
"use strict";
(() => {
  const say = (form, text) => {
    const line = form.querySelector("[data-working-line]");
    if (!line) return;
    line.hidden = !text;
    line.querySelector("[data-working-text]").textContent = text;
  };

  // ---- while a form is on its way: said once, sent once, with the rows taken so far
  const follow = (form) => {
    const address = form.dataset.long;
    const place = form.querySelector("[data-so-far]");
    if (!address || !place) return;
    const ask = async () => {
      try {
        const answer = await fetch(address, { credentials: "same-origin" });
        if (answer.ok) place.textContent = await answer.text();
      } catch { /* the page is being left */ }
    };
    ask();
    setInterval(ask, 1000);
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.working) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    say(form, form.dataset.working);
    follow(form);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) { delete form.dataset.sent; say(form, ""); }
  });

  // ---- files: chosen or dropped, held against the limits before they travel
  const fits = (form, files) => {
    let bytes = 0;
    for (const file of files) bytes += file.size;
    const isFit = bytes <= Number(form.dataset.mostBytes) && files.length <= Number(form.dataset.mostFiles);
    form.querySelector("[data-too-big]").hidden = isFit;
    return isFit;
  };
  for (const form of document.querySelectorAll("[data-drop]")) {
    const field = form.querySelector('input[type="file"]');
    const send = () => { if (field.files.length && fits(form, field.files)) form.requestSubmit(); };
    field.addEventListener("change", send);
    form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("is-over"); });
    form.addEventListener("dragleave", (event) => { if (!form.contains(event.relatedTarget)) form.classList.remove("is-over"); });
    form.addEventListener("drop", (event) => {
      event.preventDefault();
      form.classList.remove("is-over");
      if (!event.dataTransfer.files.length) return;
      field.files = event.dataTransfer.files;
      send();
    });
  }

  // ---- a page that waits for its preview asks for it by itself; counts open what they lead to
  document.querySelector("form[data-start]")?.requestSubmit();
  const show = () => {
    const place = location.hash && document.getElementById(location.hash.slice(1));
    if (place instanceof HTMLDetailsElement) place.open = true;
  };
  addEventListener("hashchange", show);
  show();
})();
