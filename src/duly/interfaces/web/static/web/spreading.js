// The grid of a statement: Enter and arrows, a pasted column, and what must hold while one types.
"use strict";
(() => {
  const grid = document.getElementById("grid");
  if (!grid) return;
  const cells = (year) => [...grid.querySelectorAll(`input[data-year="${year}"]`)];
  const years = [...new Set([...grid.querySelectorAll("input[data-year]")].map((one) => Number(one.dataset.year)))];
  const PLACES = 20;

  // Digits with commas between thousands, a point before decimals, (5) or -5 below zero: as the server reads them.
  const read = (text) => {
    let bare = text.replace(/[\s\u00a0]/g, "");
    if (!bare) return null;
    let below = false;
    if (/^\(.*\)$/.test(bare)) { below = true; bare = bare.slice(1, -1); }
    if (/^[-\u2212]/.test(bare)) { below = !below; bare = bare.slice(1); }
    const found = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d*))?$/.exec(bare);
    if (!found || (found[2] || "").length > PLACES) return undefined;
    const value = BigInt(found[1].replaceAll(",", "") + (found[2] || "").padEnd(PLACES, "0"));
    return below ? -value : value;
  };
  const told = (value) => {
    const digits = (value < 0n ? -value : value).toString().padStart(PLACES + 1, "0");
    const rest = digits.slice(-PLACES).replace(/0+$/, "");
    const whole = digits.slice(0, -PLACES).replace(/\B(?=(\d{3})+$)/g, ",");
    return rest ? `${whole}.${rest}` : whole;
  };
  const value = (line, year) => {
    const cell = document.getElementById(`${line}-${year}`);
    return cell ? read(cell.value) : null;
  };

  const judge = (row, year) => {
    const { whole, parts, how } = row.dataset;
    const top = value(whole, year);
    const named = parts.split(" ").map((part) => value(part, year));
    if (top === undefined || named.includes(undefined)) return ["no number", "bad"];
    if (top === null) return ["–", ""];
    if (how === "roll") {
      const before = value(whole, year + 1);
      if (before === null || before === undefined || named.includes(null)) return ["–", ""];
      const gap = top - before - named.reduce((a, b) => a + b, 0n);
      return gap ? [`off by ${told(gap)}`, "bad"] : ["rolls", "good"];
    }
    if (how === "equal") {
      if (named.includes(null)) return ["–", ""];
      const gap = top - named.reduce((a, b) => a + b, 0n);
      return gap ? [`off by ${told(gap)}`, "bad"] : ["balances", "good"];
    }
    const known = named.filter((part) => part !== null);
    if (!known.length) return ["–", ""];
    const over = known.reduce((a, b) => a + b, 0n) - top;
    return over > 0n ? [`over by ${told(over)}`, "bad"] : ["fits", "good"];
  };
  const held = document.getElementById("held");
  const sumUp = () => {
    const wrong = [];
    for (const output of grid.querySelectorAll("output.bad")) {
      const year = document.getElementById(`year_end-${output.dataset.year}`).value.slice(0, 4);
      wrong.push(`${year} ${output.closest("tr").querySelector("th").textContent.toLowerCase()}: ${output.textContent}`);
    }
    const words = wrong.length ? wrong[0] + (wrong.length > 1 ? `, and ${wrong.length - 1} more` : "")
      : grid.querySelector("output.good") ? "What is typed adds up" : "";
    if (held.textContent !== words) held.textContent = words;
    held.classList.toggle("bad", wrong.length > 0);
  };
  const check = () => {
    for (const row of grid.querySelectorAll("[data-check]")) {
      for (const output of row.querySelectorAll("output")) {
        const [words, tone] = judge(row, Number(output.dataset.year));
        if (output.textContent !== words) output.textContent = words;
        output.className = tone;
      }
    }
    sumUp();
  };

  const go = (cell, by) => {
    const year = Number(cell.dataset.year), column = cells(year);
    const next = column[column.indexOf(cell) + by] || (by > 0 ? cells(year + 1)[0] : cells(year - 1).at(-1));
    next?.focus();
  };
  const beside = (cell, by) => document.getElementById(`${cell.dataset.line}-${Number(cell.dataset.year) + by}`);
  grid.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!cell.matches("input[data-year]") || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const isWhole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
    const isStart = isWhole || (cell.selectionStart === 0 && cell.selectionEnd === 0);
    const isEnd = isWhole || cell.selectionStart === cell.value.length;
    if (event.key === "Enter") { event.preventDefault(); go(cell, event.shiftKey ? -1 : 1); }
    else if (event.key === "ArrowDown") { event.preventDefault(); go(cell, 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); go(cell, -1); }
    else if (event.key === "ArrowRight" && isEnd && beside(cell, 1)) { event.preventDefault(); beside(cell, 1).focus(); }
    else if (event.key === "ArrowLeft" && isStart && beside(cell, -1)) { event.preventDefault(); beside(cell, -1).focus(); }
  });
  grid.addEventListener("focusin", (event) => { if (event.target.matches("input[data-year]")) event.target.select(); });

  // A column, or a block with tabs between years, goes down and across from the cell it is pasted into.
  grid.addEventListener("paste", (event) => {
    const cell = event.target;
    const text = event.clipboardData?.getData("text") || "";
    if (!cell.matches("input[data-year]") || !/[\n\t]/.test(text.trim())) return;
    event.preventDefault();
    const year = Number(cell.dataset.year), first = cells(year).indexOf(cell);
    text.replace(/\r?\n$/, "").split(/\r?\n/).forEach((line, down) => {
      line.split("\t").forEach((word, across) => {
        const target = cells(year + across)[first + down];
        if (target) target.value = word.trim();
      });
    });
    cell.select();
    check();
  });
  grid.addEventListener("input", check);
  document.getElementById("spread").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.currentTarget.requestSubmit(event.currentTarget.querySelector(".commit [type=submit]"));
    } else if (event.key === "Enter" && event.target.matches("input:not([type=file])")) {
      event.preventDefault();  // a half-typed statement is not sent by a stray Enter
    }
  });
  if (years.length) check();
  (grid.querySelector('[aria-invalid="true"]') || document.querySelector('#spread [aria-invalid="true"]'))?.focus();
})();
