// Drag and drop, and one request a file with its progress. Without this file the form still works.
"use strict";
(() => {
  const form = document.getElementById("upload");
  if (!form) return;
  const drop = document.getElementById("drop");
  const input = document.getElementById("files");
  const list = document.getElementById("sending");
  const limit = Number(form.dataset.limitMb) * 1024 * 1024;
  const waiting = [];
  let busy = false;

  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.remove("over"); });
  }
  drop.addEventListener("drop", (event) => queue(event.dataTransfer.files));
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    queue(input.files);
    input.value = "";
  });
  window.addEventListener("beforeunload", (event) => {
    if (busy) event.preventDefault();
  });

  const queue = (files) => {
    for (const file of files) {
      const row = document.createElement("li");
      const name = document.createElement("span");
      const bar = document.createElement("progress");
      const state = document.createElement("span");
      name.className = "name"; name.textContent = file.name;
      bar.max = 1; bar.value = 0; state.textContent = "等待";
      row.append(name, bar, state);
      list.append(row);
      waiting.push({ file, row, bar, state });
    }
    if (!busy) next();
  };

  const next = () => {
    const job = waiting.shift();
    busy = Boolean(job);
    if (!job) { refresh(); return; }
    if (job.file.size > limit) {
      failed(job, `超过 ${form.dataset.limitMb} MB，没有提交。请压缩图片或拆分后重试`);
      next();
      return;
    }
    send(job);
  };

  const send = (job) => {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    if (form.elements.school) data.append("school", form.elements.school.value);
    data.append("files", job.file, job.file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form.action || location.pathname);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) job.bar.value = event.loaded / event.total;
      job.state.textContent = "正在上传";
    };
    request.onload = () => {
      if (request.status === 201) { job.row.remove(); refresh(); } else { failed(job, said(request)); }
      next();
    };
    request.onerror = () => { failed(job, "网络中断，没有收下。请重新提交这个文件"); next(); };
    request.send(data);
  };

  const said = (request) => {
    try {
      const answer = JSON.parse(request.responseText);
      return `${answer.message}。${answer.remedy}`;
    } catch {
      return "没有收下，请刷新页面后重新提交";
    }
  };
  const failed = (job, message) => {
    job.bar.remove();
    job.state.textContent = message;
    job.state.className = "fault";
  };
  const refresh = () => {
    if (window.htmx) window.htmx.ajax("GET", form.dataset.rows, { target: "[data-own-rows]", swap: "outerHTML" });
    else if (!busy) location.reload();
  };
})();
