// What the page does by itself, beyond what its attributes say to htmx.
(() => {
  "use strict";
  const offline = document.getElementById("offline");
  const answered = (yes) => { if (offline) offline.hidden = yes; };

  // A page nobody looks at asks for nothing; when somebody does again, it is fresh at once.
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    document.querySelectorAll("[hx-trigger*=refresh]").forEach((part) => htmx.trigger(part, "refresh"));
  });

  document.body.addEventListener("htmx:sendError", () => answered(false));
  document.body.addEventListener("htmx:timeout", () => answered(false));
  document.body.addEventListener("htmx:afterOnLoad", () => answered(true));

  // What changes something is sent with the page's token, as forms do.
  const token = document.querySelector("meta[name=csrf-token]");
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
  });

  // What the reader has folded open stays open when the part around it is refreshed.
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) =>
    !(name === "open" && node instanceof HTMLDetailsElement);

  // One box that chooses all on the page; without us it is not there.
  document.querySelectorAll("[data-choose]").forEach((label) => {
    const all = label.querySelector("input");
    const boxes = () => [...label.closest("form").querySelectorAll(`[name=${label.dataset.choose}]`)];
    label.hidden = boxes().length < 2;
    all.addEventListener("change", () => boxes().forEach((box) => { box.checked = all.checked; }));
  });

  // "/" goes to the search field, as people are used to.
  document.addEventListener("keydown", (event) => {
    const search = document.getElementById("search");
    if (event.key !== "/" || !search || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    search.focus();
  });
})();
