// Keys and small comforts; every page works without this file.
//   /      to the search field          ↑ ↓ Enter   through a list of hits or of papers to review
//   Ctrl Enter  confirms the paper under review
//   n p    next and previous hit in a document
"use strict";
(() => {
  const typing = (target) =>
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

  const move = (step) => {
    const links = [...document.querySelectorAll("[data-list] > li a[href]:first-of-type")];
    const firsts = [...document.querySelectorAll("[data-list] > li")]
      .map((row) => row.querySelector("a[href]"))
      .filter(Boolean);
    const rows = firsts.length ? firsts : links;
    if (!rows.length) return false;
    const at = rows.indexOf(document.activeElement);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    next.focus();
    next.closest("li").scrollIntoView({ block: "nearest" });
    return true;
  };

  let hit = -1;
  const hop = (step) => {
    const hits = [...document.querySelectorAll("mark[id^='hit-']")];
    if (!hits.length) return false;
    if (hits[hit]) hits[hit].classList.remove("now");
    hit = (hit + step + hits.length) % hits.length;
    hits[hit].classList.add("now");
    const box = hits[hit].getBoundingClientRect();
    if (box.top < 110 || box.bottom > window.innerHeight - 20) hits[hit].scrollIntoView({ block: "center" });
    const place = document.querySelector("[data-hit-number]");
    if (place) place.textContent = String(hit + 1);
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter") {
      const form = document.querySelector("form[data-quick]");
      if (form) form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const find = document.getElementById("find");
    if (typing(event.target)) {
      if (event.target === find && event.key === "ArrowDown" && move(1)) event.preventDefault();
      return;
    }
    const done =
      (event.key === "/" && find && (find.focus(), find.select(), true)) ||
      (event.key === "n" && hop(1)) ||
      (event.key === "p" && hop(hit < 0 ? 0 : -1)) ||
      (event.key === "ArrowDown" && move(1)) ||
      (event.key === "ArrowUp" && move(-1));
    if (done) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-hop]");
    if (button && hop(Number(button.dataset.hop))) event.preventDefault();
    const print = event.target.closest("[data-print]");
    if (print) window.print();
  });

  // A select that acts at once; its button is there for those without scripts.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });
  document.documentElement.classList.add("scripted");
  if (new URLSearchParams(location.search).has("q") && document.querySelector("mark[id^='hit-']")) {
    hop(1);
  }
})();
