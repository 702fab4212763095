// The page's own movements: fresh lists, chosen contacts, entries of the form. Everything else is forms and links.
(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const chosen = new Set();

  // --- Contacts chosen in a list ----------------------------------------------------------------------------------
  const boxes = () => [...document.querySelectorAll("#list input[type=checkbox]")];
  const showChosen = () => {
    const bar = $("chosen");
    if (!bar) return;
    for (const box of boxes()) box.checked = chosen.has(box.value);
    const number = boxes().filter((box) => box.checked).length;
    bar.hidden = number === 0;
    $("chosen-count").textContent = `${number} selected`;
    if ($("merge")) $("merge").disabled = number < 2;
    document.body.classList.toggle("choosing", number > 0);
  };
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches("#list input[type=checkbox]")) return;
    if (box.checked) chosen.add(box.value); else chosen.delete(box.value);
    showChosen();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#choose-none")) { chosen.clear(); showChosen(); }
  });

  // --- Fresh lists: the mailbox's number of changes is asked for; only when it moves, the page ---------------------
  let seq = document.body.dataset.seq, asked = 0, leaving = false;
  const lay = (html) => {
    const parts = new DOMParser().parseFromString(html, "text/html");
    for (const part of parts.querySelectorAll("[data-part]")) {
      const there = $(part.dataset.part);
      if (there) Idiomorph.morph(there, part.innerHTML, { morphStyle: "innerHTML" });
    }
    showChosen();
  };
  const refresh = async () => {
    const turn = ++asked; // answers overtake each other: what was asked for last is what is shown
    const answer = await fetch(location.href, { headers: { "X-Part": "1" } });
    const html = await answer.text();
    if (turn !== asked || leaving) return;
    if (answer.ok) lay(html);
    else if (answer.status === 404) location.assign($("side").querySelector("ul a").href); // what was shown is gone
  };
  const look = async () => {
    if (leaving) return;
    try {
      const answer = await fetch(document.body.dataset.seqUrl);
      const now = String((await answer.json()).seq);
      if (leaving) return;
      if (now !== seq && !$("edit")) { seq = now; await refresh(); }
    } catch { /* the sandbox is away; it is asked again */ }
  };
  // A page that is left stays as it is: fresh, it would pass for the next one, and what is typed into it be lost.
  window.addEventListener("beforeunload", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });
  if (document.body.dataset.seqUrl) {
    setInterval(() => { if (!document.hidden) look(); }, 1000);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  }

  // --- Search as you type ------------------------------------------------------------------------------------------
  let waiting;
  const search = (field) => {
    if (!$("list")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const address = new URL(field.form.action);
      if (field.value.trim()) address.searchParams.set("q", field.value);
      history.replaceState(null, "", address);
      refresh();
    }, 180);
  };
  $("search")?.addEventListener("input", (event) => search(event.target));
  if ($("search") && $("search").value !== $("search").defaultValue) search($("search")); // typed before we were here
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || !$("search") || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    $("search").focus();
  });

  // --- The form ----------------------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const add = event.target.closest(".add-entry");
    const remove = event.target.closest(".inputs .remove");
    if (add) {
      const row = add.parentElement.querySelector("template").content.firstElementChild.cloneNode(true);
      add.before(row);
      row.querySelector("input").focus();
    }
    if (remove) {
      const entries = remove.closest(".entries");
      remove.closest(".inputs").remove();
      entries.querySelector(".add-entry").focus();
    }
  });

  // --- Small things ------------------------------------------------------------------------------------------------
  $("menu")?.addEventListener("click", () => {
    const open = document.body.classList.toggle("side-open");
    $("menu").setAttribute("aria-expanded", String(open));
  });
  if ($("snack")) {
    const address = new URL(location.href); // or a reload would say it again
    address.searchParams.delete("said");
    address.searchParams.delete("undo");
    history.replaceState(null, "", address);
    setTimeout(() => $("snack").remove(), 8000);
  }
})();
