// The search API. A failed request raises an ApiFault with what the problem document says.

const BASE = document.querySelector('meta[name="mallfeed-api"]').content.replace(/\/$/, "");

export class ApiFault extends Error {
  constructor(problem) {
    super(problem.detail ?? problem.message ?? "");
    this.problem = problem;
  }
}

async function get(path, parameters, signal) {
  const query = new URLSearchParams(parameters).toString();
  const answer = await fetch(`${BASE}${path}${query ? `?${query}` : ""}`, { signal, headers: { accept: "application/json" } });
  if (answer.ok) return answer.json();
  throw new ApiFault(await answer.json().catch(() => ({ status: answer.status })));
}

export const searchProducts = (parameters, signal) => get("/products", parameters, signal);
export const suggest = (q, signal) => get("/suggest", [["q", q]], signal);
export const product = (id, signal) => get(`/products/${pathSegment(id)}`, [], signal);
export const docsUrl = `${BASE}/docs`;

// An HTTP API decodes the path before it matches it, and cuts it at a decoded "?": what would be
// lost on the way is encoded twice, which the API undoes.
const pathSegment = (id) => encodeURIComponent(/[?#%/]/.test(id) ? encodeURIComponent(id) : id);
