// What the results can be narrowed by, with counts; and what is chosen already.

import { element } from "./elements.js";
import { money, number, word } from "./words.js";

const AT_FIRST = 8;
const opened = new Set();

export function facetGroups(facets, state, change) {
  return [
    categories(facets.category ?? [], state, change),
    several("mall", facets.mall ?? [], state, change),
    several("brand", facets.brand ?? [], state, change),
    priceGroup(facets.price ?? [], state, change),
    several("availability", facets.availability ?? [], state, change, word),
    shipping(facets.free_shipping ?? [], state, change),
  ].filter(Boolean);
}

function group(name, ...inside) {
  return element("fieldset", { "data-facet": name }, element("legend", {}, word(name)), ...inside);
}

function categories(buckets, state, change) {
  const chosen = state.category ?? "";
  const depth = chosen ? chosen.split(">").length : 0;
  const path = chosen ? chosen.split(">").map((_, level, all) => all.slice(0, level + 1).join(">")) : [];
  const below = under(buckets, chosen, depth);
  if (!below.length && !chosen) return null;
  const up = path.map((value, level) =>
    element("li", { class: `level-${level}` },
      element("button", { type: "button", "aria-current": value === chosen ? "true" : null, onclick: () => change({ category: value === chosen ? path[level - 1] : value }) },
        element("span", {}, `${value === chosen ? "✓" : "‹"} ${value.split(">").at(-1)}`))));
  const down = below.map(({ value, count }) =>
    element("li", { class: `level-${value.split(">").length - 1}` },
      element("button", { type: "button", onclick: () => change({ category: value }) }, element("span", {}, value.split(">").at(-1)), counted(count))));
  return group("category", element("ul", { class: "tree" }, ...up, ...shortened("category", down, change)));
}

// The next level; where it has one category only, also what is below that.
function under(buckets, category, depth) {
  const next = buckets.filter(({ value }) => value.split(">").length === depth + 1 && (!category || value.startsWith(`${category}>`)));
  return next.length === 1 ? [...next, ...under(buckets, next[0].value, depth + 1)] : next;
}

function several(name, buckets, state, change, say = (value) => value) {
  const chosen = state[name] ?? [];
  const missing = chosen.filter((value) => !buckets.some((bucket) => bucket.value === value));
  const all = [...buckets, ...missing.map((value) => ({ value, count: 0 }))];
  if (!all.length) return null;
  const rows = all.map(({ value, count }) => {
    const box = element("input", { type: "checkbox", checked: chosen.includes(value), onchange: () => change({ [name]: box.checked ? [...chosen, value] : chosen.filter((one) => one !== value) }) });
    box.dataset.value = value;
    return element("li", {}, element("label", {}, box, element("span", {}, say(value)), counted(count)));
  });
  return group(name, element("ul", {}, ...shortened(name, rows, change)));
}

function shortened(name, rows, change) {
  if (rows.length <= AT_FIRST + 1 || opened.has(name)) return rows;
  const more = element("li", {}, element("button", { type: "button", class: "more", onclick: () => { opened.add(name); change({}); } }, word("showMore")));
  return [...rows.slice(0, AT_FIRST), more];
}

function priceGroup(buckets, state, change) {
  const ranges = (buckets.length > 1 ? buckets : []).map(({ from, to, count }) => {
    const most = to === undefined ? null : below(to);
    const now = state.price_min === (from ?? null) && state.price_max === most;
    return element("li", {}, element("label", {},
      element("input", { type: "radio", name: "price-range", checked: now, onchange: () => change({ price_min: from ?? null, price_max: most }) }),
      element("span", {}, priceWords(from, most)), counted(count)));
  });
  const low = bound("minPrice", "min", state.price_min);
  const high = bound("maxPrice", "max", state.price_max);
  const typed = (box) => (box.value === "" ? null : Number(box.value));
  const apply = element("button", { type: "button", onclick: () => change({ price_min: typed(low), price_max: typed(high) }) }, word("apply"));
  for (const box of [low, high]) {
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); apply.click(); } });
  }
  return group("price", element("ul", {}, ...ranges), element("div", { class: "bounds" }, low, "–", high, apply));
}

function bound(name, short, value) {
  return element("input", { type: "number", min: 0, step: "any", inputmode: "decimal", "aria-label": word(name), placeholder: word(short), value });
}

// A range ends before its upper price, a filter with it: the last price before it is the filter's.
const below = (price) => price - 0.01;
const shown = (price) => (price == null ? null : Math.ceil(price));

export function priceWords(low, high) {
  const [from, to] = [shown(low), shown(high)];
  if (!from) return word(Number.isInteger(high) ? "atMost" : "upTo", money(to));
  if (to === null || to === undefined) return word("from", money(from));
  return word("between", money(from), money(to));
}

function shipping(buckets, state, change) {
  const free = buckets.find(({ value }) => value === true);
  if (!free && !state.free_shipping) return null;
  const box = element("input", { type: "checkbox", checked: Boolean(state.free_shipping), onchange: () => change({ free_shipping: box.checked || null }) });
  return group("free_shipping", element("ul", {}, element("li", {}, element("label", {}, box, element("span", {}, word("freeShipping")), counted(free?.count ?? 0)))));
}

const counted = (count) => element("small", { class: "count" }, number(count));

// Each chosen filter as a button that takes it away again.
export function chosenFilters(state, change) {
  const chosen = [];
  const add = (text, without) => chosen.push(
    element("li", {}, element("button", { type: "button", "aria-label": word("remove", text), onclick: () => change(without) }, text, element("span", { "aria-hidden": "true" }, " ×"))));
  if (state.category) add(state.category.replaceAll(">", " › "), { category: null });
  for (const name of ["mall", "brand", "availability"]) {
    for (const value of state[name] ?? []) {
      add(name === "availability" ? word(value) : value, { [name]: state[name].filter((one) => one !== value) });
    }
  }
  if (state.price_min != null || state.price_max != null) add(priceWords(state.price_min, state.price_max), { price_min: null, price_max: null });
  if (state.free_shipping) add(word("freeShipping"), { free_shipping: null });
  if (chosen.length > 1) {
    const none = { category: null, mall: [], brand: [], availability: [], price_min: null, price_max: null, free_shipping: null };
    chosen.push(element("li", {}, element("button", { type: "button", class: "all", onclick: () => change(none) }, word("clearAll"))));
  }
  return chosen;
}
