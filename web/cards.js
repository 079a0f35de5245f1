// A product as a card: picture, what it costs, who sells it, and the offers of other malls.

import { product as readProduct } from "./api.js";
import { element, webAddress } from "./elements.js";
import { money, number, word } from "./words.js";

const GONE = new Set(["out_of_stock", "discontinued"]);

export function card(product, filterBy) {
  return element("li", { class: GONE.has(product.availability) ? "card gone" : "card" },
    picture(product),
    element("div", { class: "what" },
      product.brand && element("p", { class: "by" }, product.brand),
      element("h2", {}, linkOut(product, product.title)),
      prices(product),
      ratings(product),
      marks(product),
      element("p", { class: "seller" },
        element("button", { type: "button", class: "mall", onclick: () => filterBy("mall", product.mall_id) }, product.mall_id)),
      product.offers?.malls > 1 && offersButton(product)));
}

function linkOut(product, ...inside) {
  const address = webAddress(product.url);
  if (!address) return element("span", {}, ...inside);
  return element("a", { href: address, target: "_blank", rel: "noopener nofollow" }, ...inside,
    element("span", { class: "hidden" }, ` ${word("opensNew")}`));
}

// The picture repeats what the title says, so it says nothing itself; without one, the kind of the
// product on a colour of its own keeps the grid calm.
function picture(product) {
  const frame = element("div", { class: "picture" }, stand_in(product));
  const source = webAddress(product.image_url);
  if (source) {
    const image = element("img", { src: source, alt: "", loading: "lazy", decoding: "async", referrerpolicy: "no-referrer" });
    image.addEventListener("load", () => frame.classList.add("loaded"));
    image.addEventListener("error", () => image.remove());
    frame.append(image);
  }
  if (product.discount_rate) {
    frame.append(element("span", { class: "off", "aria-hidden": "true" }, `−${product.discount_rate}%`));
  }
  if (product.availability && product.availability !== "in_stock") {
    frame.append(element("span", { class: "state" }, word(product.availability)));
  }
  return frame;
}

function stand_in(product) {
  const name = product.category_path?.at(-1) || product.brand || product.title;
  const made = element("span", { class: "stand-in", "aria-hidden": "true" }, name);
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
  made.style.setProperty("--hue", hue);
  return made;
}

function prices(product) {
  return element("p", { class: "price" },
    product.discount_rate && element("span", { class: "hidden" }, `${word("off", product.discount_rate)}, ${word("salePrice")} `),
    element("strong", {}, money(product.price, product.currency)),
    product.list_price > product.price && element("s", {},
      element("span", { class: "hidden" }, ` ${word("listPrice")} `), money(product.list_price, product.currency)));
}

function ratings(product) {
  if (!product.review_count && !product.rating) return null;
  return element("p", { class: "rating" },
    product.rating && element("span", { class: "stars", "aria-hidden": "true" }, "★ ", number(product.rating)),
    product.rating && element("span", { class: "hidden" }, word("rating", number(product.rating))),
    product.review_count && element("span", {}, word("reviewsCount", number(product.review_count))));
}

function marks(product) {
  const shipping = shippingWord(product);
  const words = [
    shipping && element("li", { class: product.shipping_fee === 0 ? "good" : "" }, shipping),
    product.condition && product.condition !== "new" && element("li", {}, word(product.condition)),
    product.pack_size > 1 && element("li", {}, word("pack", number(product.pack_size))),
    product.least_quantity > 1 && element("li", {}, word("leastQuantity", number(product.least_quantity))),
    product.unit_price && element("li", {}, word("unitPrice", product.unit_price_measure, money(product.unit_price, product.currency))),
    product.adult && element("li", {}, word("adult")),
    product.variants > 1 && element("li", {}, word("variants", number(product.variants))),
  ].filter(Boolean);
  return words.length ? element("ul", { class: "marks" }, ...words) : null;
}

function shippingWord({ shipping_fee: fee, currency }) {
  if (fee === 0) return word("freeShipping");
  if (fee === -1) return word("payOnDelivery");
  return fee > 0 ? word("shippingFee", money(fee, currency)) : null;
}

function offersButton(product) {
  const { malls, lowest_price: lowest, currency } = product.offers;
  const text = lowest === undefined ? word("offersNotCompared", number(malls)) : word("offers", number(malls), money(lowest, currency));
  return element("button", { type: "button", class: "offers", "aria-haspopup": "dialog", onclick: () => showOffers(product) }, text);
}

async function showOffers(product) {
  const dialog = document.getElementById("offers");
  const list = document.getElementById("offer-list");
  document.getElementById("offers-title").textContent = word("offersTitle");
  list.replaceChildren(element("li", {}, word("loading")));
  dialog.showModal();
  try {
    const { offers, others } = await readProduct(product.id);
    list.replaceChildren(...offers.map(offerRow), ...others.map(otherRow));
  } catch {
    list.replaceChildren(element("li", {}, word("fault")));
  }
}

function offerRow(offer) {
  const notes = [offer.availability === "in_stock" ? shippingWord(offer) : word(offer.availability), inShop(offer)];
  return element("li", {},
    element("span", { class: "mall" }, offer.mall_id, offer.is_lowest && element("em", {}, word("lowest"))),
    element("span", { class: "title" }, linkOut(offer, offer.title)),
    element("span", { class: "cost" }, element("strong", {}, money(offer.price, offer.currency)),
      element("small", {}, notes.filter(Boolean).join(" · "))));
}

// What a price in another currency is compared by; nothing to say of one in the shop's own.
function inShop(offer) {
  if (offer.shop_price === undefined) return word("notCompared");
  return offer.shop_price === offer.price ? null : word("about", money(offer.shop_price));
}

// Offers of the product that do not compare with these: used, refurbished, another size of pack.
function otherRow({ condition, pack_size: pack, malls, lowest_price: lowest, currency }) {
  const kind = [condition === "new" ? null : word(condition), pack > 1 ? word("pack", number(pack)) : null].filter(Boolean).join(" · ");
  return element("li", { class: "other" },
    element("span", { class: "mall" }, kind || word("unusedSingle")),
    element("span", { class: "title" }, word("otherOffers", number(malls))),
    element("span", { class: "cost" }, lowest === undefined ? null : element("strong", {}, word("from", money(lowest, currency)))));
}
