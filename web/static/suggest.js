// Names and titles offered while one types a question. Without this file the form still works.
"use strict";
(() => {
  const input = document.querySelector("[data-suggest]");
  if (!input) return;
  const list = document.createElement("ul");
  list.id = "offers";
  list.className = "offers";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "检索建议");
  list.hidden = true;
  input.closest("form").append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"],
    ["aria-expanded", "false"], ["aria-controls", "offers"]]) input.setAttribute(name, value);

  let at = -1;
  let asked = 0;
  let timer = 0;
  let hrefs = [];

  const close = () => {
    asked += 1;
    clearTimeout(timer);
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const point = (to) => {
    const rows = [...list.children];
    if (rows[at]) rows[at].setAttribute("aria-selected", "false");
    at = to;
    if (rows[at]) {
      rows[at].setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", rows[at].id);
    } else input.removeAttribute("aria-activedescendant");
  };
  const show = (offers) => {
    hrefs = offers.map((offer) => offer.href);
    list.replaceChildren(...offers.map((offer, number) => {
      const row = document.createElement("li");
      const what = document.createElement("span");
      row.id = `offer-${number}`;
      row.setAttribute("role", "option");
      what.className = "what"; what.textContent = offer.what;
      row.append(what, offer.text);
      return row;
    }));
    at = -1;
    list.hidden = !offers.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  const ask = async () => {
    const turn = ++asked;
    const text = input.value.trim();
    if (!text) return close();
    try {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(text)}`);
      const found = answer.ok ? (await answer.json()).offers : [];
      if (turn === asked) show(found); // a later question, or Escape, came in between
    } catch { if (turn === asked) close(); }
  };

  input.addEventListener("input", (event) => {
    if (event.isComposing) return; // the pinyin of an input method is no question yet
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const last = list.children.length - 1;
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") point(at >= last ? -1 : at + 1);
    else if (event.key === "ArrowUp") point(at < 0 ? last : at - 1);
    else if (event.key === "Enter" && at >= 0) location.assign(hrefs[at]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("mousedown", (event) => {
    const row = event.target.closest("li");
    if (!row) return;
    event.preventDefault();
    location.assign(hrefs[[...list.children].indexOf(row)]);
  });
  input.addEventListener("blur", close);
  input.form.addEventListener("submit", close);
})();
