// Autocomplete as an ARIA combobox with a listbox: arrows move, Enter takes, Escape closes.

import { suggest } from "./api.js";
import { word } from "./words.js";

const WAIT_MS = 80;

export function combobox(input, list, onTake) {
  let timer = 0;
  let asked = null;
  let typed = "";
  let active = -1;

  const options = () => [...list.children];

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function stop() {
    clearTimeout(timer);
    asked?.abort();
    close();
  }

  function show(suggestions) {
    list.replaceChildren(...suggestions.map(option));
    if (!suggestions.length) return close();
    active = -1;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
  }

  function option(suggestion, place) {
    const item = document.createElement("li");
    item.id = `suggestion-${place}`;
    item.role = "option";
    item.dataset.text = suggestion.text;
    item.setAttribute("aria-selected", "false");
    item.append(...marked(suggestion.text, typed));
    if (suggestion.kind === "brand" || suggestion.kind === "category") {
      const kind = document.createElement("small");
      kind.textContent = word(`${suggestion.kind}_kind`);
      item.append(kind);
    }
    item.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the input keeps the focus
      take(suggestion.text);
    });
    return item;
  }

  function move(step) {
    const all = options();
    if (list.hidden || !all.length) return;
    active = (active + step + all.length + 1) % (all.length + 1);
    if (active === all.length) active = -1;
    all.forEach((item, place) => item.setAttribute("aria-selected", String(place === active)));
    if (active < 0) {
      input.value = typed;
      input.removeAttribute("aria-activedescendant");
      return;
    }
    input.value = all[active].dataset.text;
    input.setAttribute("aria-activedescendant", all[active].id);
    all[active].scrollIntoView({ block: "nearest" });
  }

  function take(text) {
    input.value = text;
    stop();
    onTake(text);
  }

  async function ask() {
    asked?.abort();
    typed = input.value;
    if (!typed.trim()) return close();
    asked = new AbortController();
    try {
      show((await suggest(typed, asked.signal)).suggestions);
    } catch (fault) {
      if (fault.name !== "AbortError") close(); // suggestions are a help: a search says what is wrong
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // Hangul being put together
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask();
      else move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      input.value = typed;
      close();
    }
  });
  input.addEventListener("blur", close);
  return { close: stop };
}

// The part that was typed already, set apart from what is suggested beyond it.
function marked(text, typed) {
  const at = text.toLowerCase().indexOf(typed.trim().toLowerCase());
  if (at < 0) return [document.createTextNode(text)];
  const known = document.createElement("mark");
  known.textContent = text.slice(at, at + typed.trim().length);
  return [text.slice(0, at), known, text.slice(at + typed.trim().length)];
}
