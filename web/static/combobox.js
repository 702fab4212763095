// What an input offers as one types: `data-suggest` says where it is asked for. Without us it is a plain input.
(() => {
  "use strict";
  const dressed = new WeakMap();
  let lists = 0;

  const dress = (input) => {
    if (dressed.has(input)) return dressed.get(input);
    const list = document.createElement("ul"), told = document.createElement("span");
    list.id = `options-${++lists}`;
    list.className = "options";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", document.documentElement.dataset.suggestions);
    // How many there are is said to who does not see them.
    told.className = "hidden";
    told.setAttribute("role", "status");
    input.after(list, told);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) {
      input.setAttribute(name, value);
    }
    const combo = { input, list, told, asked: null, timer: 0, typed: input.value };
    list.addEventListener("mousedown", (event) => event.preventDefault());  // the input keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(combo, option);
    });
    dressed.set(input, combo);
    return combo;
  };

  const options = (combo) => [...combo.list.children];
  const active = (combo) => combo.list.querySelector("[aria-selected=true]");

  const close = (combo) => {
    clearTimeout(combo.timer);
    if (combo.asked) combo.asked.abort();
    combo.list.hidden = true;
    combo.told.textContent = "";
    combo.input.setAttribute("aria-expanded", "false");
    combo.input.removeAttribute("aria-activedescendant");
  };

  const mark = (combo, option) => {
    options(combo).forEach((one) => one.setAttribute("aria-selected", String(one === option)));
    if (!option) return combo.input.removeAttribute("aria-activedescendant");
    combo.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  const show = (combo, text) => {
    combo.list.innerHTML = text;
    options(combo).forEach((one, number) => { one.id = `${combo.list.id}-${number}`; });
    const some = options(combo).length > 0;
    if (!some) return close(combo);
    combo.list.hidden = false;
    combo.list.scrollTop = 0;
    combo.told.textContent = String(options(combo).length);
    combo.input.setAttribute("aria-expanded", "true");
    combo.input.removeAttribute("aria-activedescendant");
  };

  const ask = async (combo) => {
    if (combo.asked) combo.asked.abort();
    const asked = combo.asked = new AbortController(), address = new URL(combo.input.dataset.suggest, location.href);
    address.searchParams.set("q", combo.input.value);
    address.searchParams.set("at", combo.input.selectionStart ?? combo.input.value.length);
    try {
      const answer = await fetch(address, { signal: asked.signal });
      const text = answer.ok ? await answer.text() : "";
      if (document.activeElement === combo.input && !asked.signal.aborted) show(combo, text);
    } catch (error) {
      if (error.name !== "AbortError") close(combo);
    }
  };

  const soon = (combo) => {
    clearTimeout(combo.timer);
    combo.timer = setTimeout(() => ask(combo), 120);
  };

  // Where the text alone does not say what is meant, another input of the form holds its id.
  const meant = (input, id) => {
    const held = input.dataset.holds && input.form.elements[input.dataset.holds];
    if (held) held.value = id || "";
  };

  const choose = (combo, option) => {
    const more = "more" in option.dataset;
    combo.input.value = option.dataset.text;
    meant(combo.input, option.dataset.id);
    combo.chosen = true;
    combo.input.dispatchEvent(new Event("input", { bubbles: true }));
    combo.chosen = false;
    combo.input.focus();
    const at = option.dataset.at;
    if (at) combo.input.setSelectionRange(at, at);
    if (more) ask(combo); else close(combo);
  };

  document.addEventListener("input", (event) => {
    if (!event.target.matches("input[data-suggest]")) return;
    const combo = dress(event.target);
    if (combo.chosen) return;
    meant(combo.input, "");
    if (combo.input.value.trim()) soon(combo); else close(combo);
  });
  document.addEventListener("focusin", (event) => { if (event.target.matches("input[data-suggest]")) dress(event.target); });
  document.addEventListener("focusout", (event) => { if (dressed.has(event.target)) close(dressed.get(event.target)); });

  document.addEventListener("keydown", (event) => {
    const combo = dressed.get(event.target);
    if (!combo || event.isComposing) return;
    const down = event.key === "ArrowDown", up = event.key === "ArrowUp", all = options(combo), now = active(combo);
    if (combo.list.hidden) {
      if (down && combo.input.value.trim()) { event.preventDefault(); ask(combo); }
      return;
    }
    if (down || up) {
      // Beyond either end nothing is chosen, and what was typed stands.
      const at = all.indexOf(now) + (down ? 1 : -1), rounds = up && !now ? all.length - 1 : at;
      event.preventDefault();
      mark(combo, all[rounds] || null);
    } else if ((event.key === "Enter" || event.key === "Tab") && now) {
      event.preventDefault();
      choose(combo, now);
    } else if (event.key === "Enter") {
      close(combo);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close(combo);
    }
  }, true);

  document.querySelectorAll("input[data-suggest]").forEach(dress);
})();
