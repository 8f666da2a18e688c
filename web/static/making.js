// Says how many copies a batch will be, and that it is under way. Without this file the buttons
// still work; the browser alone then shows that something comes.
"use strict";
(() => {
  const form = document.getElementById("make");
  if (!form) return;
  //: Copies printed in a second, counted slowly, and the fewest of which the time is told.
  const SPEED = 400, MANY = 500;

  const told = (n) => {
    const copies = `${n.toLocaleString("zh-CN")} 份`;
    return n < MANY ? copies : `${copies}，约 ${Math.ceil(n / SPEED)} 秒`;
  };

  fetch(form.dataset.counts, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : {}))
    .then((counts) => {
      for (const place of document.querySelectorAll("[data-count]")) {
        const n = counts[place.dataset.count];
        if (n > 1) place.textContent = `（${told(n)}）`;
      }
    })
    .catch(() => {}); // the page is whole without it

  const busy = (button) => {
    const name = button.textContent;
    button.textContent = button.dataset.busy;
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    return () => {
      button.textContent = name;
      button.disabled = false;
      button.removeAttribute("aria-busy");
    };
  };

  // The answer is read here, so that the button tells when it has come. A refusal is a page of its
  // own: the form is sent once more, as without scripts.
  const download = async (button, done) => {
    const sent = new FormData(form);
    sent.set(button.name, button.value);
    const answer = await fetch(form.action, { method: "POST", body: sent });
    const saved = answer.headers.get("Content-Disposition") || "";
    if (!answer.ok || !saved.startsWith("attachment")) {
      done();
      form.dataset.plain = "1";
      form.requestSubmit(button);
      return;
    }
    const pieces = [];
    let size = 0;
    for (const reader = answer.body.getReader(); ;) {
      const piece = await reader.read();
      if (piece.done) break;
      pieces.push(piece.value);
      size += piece.value.length;
      if (size > 1e6) button.textContent = `${button.dataset.busy}${Math.floor(size / 1e6)} MB`;
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(pieces));
    link.download = decodeURIComponent(saved.split("filename*=UTF-8''")[1] || "");
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    done();
  };

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || !button.dataset.busy || form.dataset.plain) {
      delete form.dataset.plain;
      return;
    }
    if (button.hasAttribute("formaction")) {
      setTimeout(() => busy(button)); // a disabled button would not be sent
      return;
    }
    event.preventDefault();
    const done = busy(button);
    download(button, done).catch(() => {
      done();
      button.textContent = "没有下载成，请重试";
    });
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload(); // back from another page: the button was left busy
  });
})();
