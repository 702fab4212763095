// What the page does by itself, beyond what its attributes say to htmx.
(() => {
  "use strict";
  const offline = document.getElementById("offline");
  const answered = (yes) => { if (offline) offline.hidden = yes; };

  // Times are told in the zone of whoever reads: the server learns its name, and nothing else, from this cookie.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone, cookie = document.documentElement.dataset.zoneCookie;
  if (zone && cookie && !document.cookie.split("; ").includes(`${cookie}=${zone}`)) {
    document.cookie = `${cookie}=${zone}; path=/; max-age=31536000; samesite=lax${cookie.startsWith("__Host-") ? "; secure" : ""}`;
  }

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
  // and what was ticked or chosen stays so.
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) =>
    !(name === "open" && node instanceof HTMLDetailsElement) && name !== "checked" && node.localName !== "option";

  // What is being typed there is the reader's.
  Idiomorph.defaults.callbacks.beforeNodeMorphed = (node) => !(node instanceof Element && node.matches("[data-stays]"));

  // An address says only what was asked for.
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") return;
    for (const [name, value] of [...event.detail.formData]) if (value === "") event.detail.formData.delete(name);
  });

  // One box that ticks all on the page, and how many are ticked; without us it is not there.
  const ticking = (label) => [...label.closest("form").querySelectorAll(`[name=${label.dataset.choose}]`)];
  const tally = () => document.querySelectorAll("[data-choose]").forEach((label) => {
    const boxes = ticking(label), ticked = boxes.filter((box) => box.checked).length;
    label.hidden = boxes.length === 0;
    label.querySelector("input").checked = ticked > 0 && ticked === boxes.length;
    label.closest("form").querySelectorAll("[data-two]").forEach((button) => { button.hidden = ticked !== 2; });
    label.closest("form").querySelectorAll(".told[data-many]").forEach((told) => {
      told.textContent = ticked ? (ticked === 1 ? told.dataset.one : told.dataset.many.replace("#", ticked)) : told.dataset.none;
    });
  });
  document.addEventListener("change", (event) => {
    const label = event.target.closest("[data-choose]");
    if (label) ticking(label).forEach((box) => { box.checked = event.target.checked; });
    tally();
  });
  document.body.addEventListener("htmx:afterSettle", tally);
  tally();

  // A click with Shift ticks all from the one that was clicked before.
  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest(".rows input[type=checkbox]");
    if (!box) return;
    const boxes = [...box.form.querySelectorAll(`.rows input[name="${box.name}"]`)];
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((one, other) => one - other);
    if (event.shiftKey && from >= 0) boxes.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
    last = box;
    tally();
  });

  // A menu closes with Esc, and when something else is clicked.
  const menus = () => document.querySelectorAll("details:is(.menu, .pop)[open]");
  document.addEventListener("click", (event) => menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });

  // What looks like a button is pressed by the space bar, too.
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || !event.target.matches("a[role=button]")) return;
    event.preventDefault();
    event.target.click();
  });

  // Ctrl-K opens the palette, "?" tells the keys; the arrows walk through what the palette found.
  const palette = document.getElementById("palette"), keys = document.getElementById("keys");
  const find = palette && palette.querySelector("input");
  const goTo = () => {
    if (!find || palette.open) return;
    palette.showModal();
    find.value = "";
    htmx.trigger(find, "opened");
  };
  document.querySelectorAll("[data-opens=palette]").forEach((link) => link.addEventListener("click", (event) => {
    if (!find || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    goTo();
  }));
  document.querySelectorAll("dialog").forEach((dialog) => dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  }));
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest("input, textarea, select");
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && find) {
      event.preventDefault();
      goTo();
    } else if (event.key === "?" && keys && !box && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      keys.showModal();
    } else if (palette && palette.contains(event.target) && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const steps = [find, ...palette.querySelectorAll("#found a")].filter(Boolean);
      const at = steps.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      steps[(at + steps.length) % steps.length].focus();
    } else if (palette && event.target === find && event.key === "Enter") {
      const first = palette.querySelector("#found a");
      event.preventDefault();
      if (first) first.click();
    }
  });

  // Letters press buttons where a page says so, while its reader is in that part: elsewhere they are letters.
  const keyed = document.querySelector("[data-keyed]");
  if (keyed) keyed.focus({ preventScroll: true });
  if (keyed) keyed.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const pressed = keyed.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!pressed) return;
    event.preventDefault();
    pressed.click();
  });

  // A text that is there to be copied is, with one click.
  document.querySelectorAll("[data-copies]").forEach((button) => {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).value);
      button.querySelector("span").textContent = button.dataset.done;
    });
  });

  // "/" goes to the search field, as people are used to.
  document.addEventListener("keydown", (event) => {
    const search = document.getElementById("search");
    if (event.key !== "/" || !search || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    search.focus();
  });
})();
