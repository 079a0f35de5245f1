// What is searched for, kept in the page's address so that a search can be shared and gone back to.

const LISTS = ["mall", "brand", "availability"];
const TEXTS = ["q", "category", "sort"];
const NUMBERS = ["price_min", "price_max"];

export function readState() {
  const given = new URLSearchParams(location.search);
  const state = { free_shipping: given.get("free_shipping") === "true" || null };
  for (const name of TEXTS) state[name] = given.get(name) || null;
  for (const name of LISTS) state[name] = given.getAll(name);
  for (const name of NUMBERS) {
    const value = Number.parseFloat(given.get(name));
    state[name] = Number.isFinite(value) ? value : null;
  }
  return state;
}

// The state as parameters of the API, in a fixed order so that caches see one address.
export function parametersOf(state) {
  const parameters = [];
  for (const name of [...TEXTS, ...NUMBERS, "free_shipping"]) {
    if (state[name] !== null && state[name] !== undefined && state[name] !== "") parameters.push([name, String(state[name])]);
  }
  for (const name of LISTS) for (const value of [...(state[name] ?? [])].sort()) parameters.push([name, value]);
  return parameters;
}

export function writeState(state) {
  const query = new URLSearchParams(parametersOf(state)).toString();
  const address = query ? `?${query}` : location.pathname;
  if (`${location.search}` !== (query ? `?${query}` : "")) history.pushState(null, "", address);
}
