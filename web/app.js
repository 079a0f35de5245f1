// The page: state → search → cards, facets and what is chosen.

import { docsUrl, searchProducts } from "./api.js";
import { card } from "./cards.js";
import { combobox } from "./combobox.js";
import { element } from "./elements.js";
import { chosenFilters, facetGroups } from "./facets.js";
import { parametersOf, readState, writeState } from "./state.js";
import { number, useLanguage, useShopCurrency, word } from "./words.js";

const SORTS = ["relevance", "price_asc", "delivered_asc", "price_desc", "newest", "reviews"];
const SIZE = 24;
const part = (id) => document.getElementById(id);

let state = readState();
let shown = null;
let asked = null;

function change(changes) {
  state = { ...state, ...changes };
  writeState(state);
  run();
}

async function run() {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  part("q").value = state.q ?? "";
  part("results").setAttribute("aria-busy", "true");
  const slow = setTimeout(() => say(word("loading")), 300);
  try {
    shown = await searchProducts([...parametersOf(state), ["facets", "true"], ["size", SIZE]], signal);
    useShopCurrency(shown.shop);
    render();
  } catch (fault) {
    if (fault.name === "AbortError") return;
    shown = null;
    failed(fault);
  } finally {
    clearTimeout(slow);
    if (!signal.aborted) part("results").setAttribute("aria-busy", "false");
  }
}

async function more() {
  const button = part("more");
  button.disabled = true;
  try {
    const next = await searchProducts([...parametersOf(state), ["size", SIZE], ["after", shown.next]]);
    const cards = next.items.map((product) => card(product, filterBy));
    part("cards").append(...cards);
    shown = { ...shown, items: [...shown.items, ...next.items], next: next.next };
    cards[0]?.querySelector("a, button")?.focus();
  } catch (fault) {
    failed(fault);
  }
  button.disabled = false;
  button.hidden = !shown?.next;
}

function render() {
  fillSorts();
  part("chosen").replaceChildren(...chosenFilters(state, change));
  if (!shown) return;
  const { items, total } = shown;
  part("heading").textContent = items.length ? headline(total) : "";
  say("");
  part("read-as").textContent = readAs(shown.read_as);
  if (!items.length) nothing();
  part("cards").replaceChildren(...items.map((product) => card(product, filterBy)));
  const held = document.activeElement?.closest?.("#facets [data-facet]")?.dataset.facet;
  const value = document.activeElement?.dataset?.value;
  part("facets").replaceChildren(...facetGroups(shown.facets ?? {}, state, change));
  keepFocus(held, value);
  part("more").hidden = !shown.next;
}

// Facets are made anew with each answer; who moves through them by keyboard stays where they were.
function keepFocus(facet, value) {
  if (!facet) return;
  const group = part("facets").querySelector(`[data-facet="${facet}"]`);
  const boxes = [...(group?.querySelectorAll("input, button") ?? [])];
  (boxes.find((box) => value && box.dataset.value === value) ?? boxes[0])?.focus();
}

function headline({ value, exact }) {
  const many = exact ? "" : "Many";
  const { kind, query } = shown.read_as ?? {};
  const words = query && kind !== "loose" ? query : state.q;
  return state.q ? word(`found${many}`, words, number(value)) : word(`foundAll${many}`, number(value));
}

function readAs(read) {
  if (!read) return "";
  return read.kind === "loose" ? word("read_loose") : word("read_other", state.q, read.query);
}

function nothing() {
  const [text, hint] = state.q || chosenFilters(state, change).length
    ? [word("nothing", state.q ?? ""), word("nothingHint")] : [word("nothingAll"), ""];
  say(text, hint);
}

function failed(fault) {
  part("read-as").textContent = "";
  part("heading").textContent = "";
  part("cards").replaceChildren();
  part("more").hidden = true;
  const detail = fault.problem?.errors?.map((one) => `${one.parameter}: ${one.detail}`).join("; ") ?? "";
  say(word("fault"), detail, element("button", { type: "button", onclick: run }, word("retry")));
}

function say(text, hint = "", ...rest) {
  const lines = text ? [element("p", { class: "said" }, text), hint && element("p", {}, hint), ...rest].filter(Boolean) : [];
  part("message").replaceChildren(...lines);
}

function filterBy(name, value) {
  if (!state[name].includes(value)) change({ [name]: [...state[name], value] });
}

function fillSorts() {
  const now = state.sort ?? SORTS[0];
  part("sort").replaceChildren(...SORTS.map((sort) => element("option", { value: sort, selected: sort === now }, word(sort))));
}

function speak(language) {
  useLanguage(language);
  localStorage.setItem("language", language);
  render();
}

const box = combobox(part("q"), part("suggestions"), (text) => search(text));

function search(text) {
  box.close();
  change({ q: text.trim() || null, category: null, mall: [], brand: [], availability: [], price_min: null, price_max: null, free_shipping: null });
}

part("search").addEventListener("submit", (event) => {
  event.preventDefault();
  search(part("q").value);
});
part("sort").addEventListener("change", (event) => change({ sort: event.target.value === SORTS[0] ? null : event.target.value }));
part("facets").addEventListener("submit", (event) => event.preventDefault());
part("more").addEventListener("click", more);
part("show-filters").addEventListener("click", (event) => {
  const open = part("filters").classList.toggle("open");
  event.currentTarget.setAttribute("aria-expanded", String(open));
});
for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => speak(button.dataset.language));
}
part("offers").addEventListener("click", (event) => {
  if (event.target === event.currentTarget) event.currentTarget.close();
});
window.addEventListener("popstate", () => {
  state = readState();
  run();
});

part("docs").href = docsUrl;
const spoken = localStorage.getItem("language") ?? (navigator.language.startsWith("ko") ? "ko" : "en");
useLanguage(spoken);
fillSorts();
run();
