// Narrows a list while one types; without this file the search field asks the server.
"use strict";
(() => {
  const input = document.querySelector("[data-narrow]");
  if (!input) return;
  const rows = [...document.querySelectorAll(input.dataset.narrow)];
  const nothing = document.querySelector("[data-nothing]");
  const asked = document.querySelector("[data-asked]");

  const narrow = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const names = row.dataset.words.toLowerCase();
      row.hidden = !words.every((word) => names.includes(word));
    }
    for (const body of document.querySelectorAll(".shelf tbody")) {
      body.hidden = !body.querySelector(".form-line:not([hidden])");
    }
    const none = rows.length > 0 && rows.every((row) => row.hidden);
    if (rows.length) nothing.hidden = !none;
    asked.textContent = input.value;
  };

  input.addEventListener("input", (event) => {
    if (!event.isComposing) narrow();
  });
  input.addEventListener("compositionend", narrow);
})();
