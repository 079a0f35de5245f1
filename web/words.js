// What the page says, in Korean and English; prices and numbers as each language writes them.

const WORDS = {
  ko: {
    title: "상품 검색", skip: "검색 결과로 건너뛰기", searchLabel: "상품 검색", search: "검색",
    placeholder: "상품, 브랜드, 모델명 검색 (초성 검색 가능: ㄴㅌㅂ)", suggestionsLabel: "추천 검색어", languageLabel: "언어",
    filters: "상세 조건", sort: "정렬", chosenLabel: "선택한 조건", more: "더 보기", apiDocs: "검색 API",
    footer: "가격과 재고는 각 쇼핑몰이 제공한 정보입니다.", close: "닫기",
    category: "카테고리", brand: "브랜드", mall: "쇼핑몰", price: "가격", availability: "판매 상태", free_shipping: "배송",
    freeShipping: "무료배송", payOnDelivery: "착불", shippingFee: "배송비 {}", minPrice: "최소 가격", maxPrice: "최대 가격", min: "최소", max: "최대", apply: "적용",
    upTo: "{} 미만", atMost: "{} 이하", from: "{} 이상", between: "{} ~ {}", clearAll: "전체 해제", remove: "{} 조건 해제",
    relevance: "정확도순", price_asc: "낮은 가격순", price_desc: "높은 가격순", newest: "최신순", reviews: "리뷰 많은순",
    in_stock: "판매 중", out_of_stock: "품절", preorder: "예약 판매", backorder: "입고 예정", discontinued: "단종",
    used: "중고", refurbished: "리퍼", display: "전시 상품", returned: "반품 상품", damaged: "스크래치 상품",
    read_other: "‘{}’ 대신 ‘{}’(으)로 검색한 결과입니다.", read_loose: "검색어와 모두 일치하는 상품이 없어 비슷한 상품을 보여 드립니다.",
    found: "‘{}’ 검색 결과 {}개", foundAll: "전체 상품 {}개", foundMany: "‘{}’ 검색 결과 {}개 이상", foundAllMany: "전체 상품 {}개 이상",
    loading: "검색 중…", nothing: "‘{}’에 대한 검색 결과가 없습니다.", nothingHint: "단어 수를 줄이거나 조건을 해제하고 다시 검색해 보세요.",
    nothingAll: "등록된 상품이 아직 없습니다.",
    fault: "지금은 검색할 수 없습니다.", retry: "다시 시도", listPrice: "정가", salePrice: "판매가", rating: "평점 {}점", reviewsCount: "리뷰 {}",
    offers: "판매처 {}곳 · 최저 {}", offersTitle: "판매처별 가격", variants: "옵션 {}개", opensNew: "(새 창)", noImage: "이미지 없음", off: "{}% 할인",
    offersNotCompared: "판매처 {}곳", notCompared: "환율 정보가 없어 비교에서 제외", about: "약 {}", otherOffers: "같은 상품 · 판매처 {}곳", unusedSingle: "새 상품 1개",
    pack: "{}개 묶음", leastQuantity: "최소 {}개 구매", unitPrice: "{}당 {}", delivered_asc: "배송비 포함 낮은 가격순",
    lowest: "최저가", suggestionCount: "추천 검색어 {}개", category_kind: "카테고리", brand_kind: "브랜드", showMore: "더 보기", adult: "성인 상품",
  },
  en: {
    title: "Product search", skip: "Skip to results", searchLabel: "Search products", search: "Search",
    placeholder: "Product, brand or model number", suggestionsLabel: "Suggestions", languageLabel: "Language",
    filters: "Filters", sort: "Sort by", chosenLabel: "Active filters", more: "Show more", apiDocs: "Search API",
    footer: "Prices and stock as provided by each shop.", close: "Close",
    category: "Category", brand: "Brand", mall: "Shop", price: "Price", availability: "Availability", free_shipping: "Shipping",
    freeShipping: "Free shipping", payOnDelivery: "Shipping paid on delivery", shippingFee: "Shipping {}", minPrice: "Lowest price", maxPrice: "Highest price", min: "Min", max: "Max", apply: "Apply",
    upTo: "Under {}", atMost: "Up to {}", from: "{} and more", between: "{} – {}", clearAll: "Clear all", remove: "Remove filter {}",
    relevance: "Best match", price_asc: "Price: low to high", price_desc: "Price: high to low", newest: "Newest", reviews: "Most reviews",
    in_stock: "In stock", out_of_stock: "Sold out", preorder: "Pre-order", backorder: "Back-order", discontinued: "Discontinued",
    used: "Used", refurbished: "Refurbished", display: "Display item", returned: "Returned", damaged: "Scratched",
    read_other: "No results for “{}”. Showing results for “{}” instead.", read_loose: "No product matches every word. These come close.",
    found: "{1} results for “{0}”", foundAll: "All {} products", foundMany: "Over {1} results for “{0}”", foundAllMany: "Over {} products",
    loading: "Searching…", nothing: "No results for “{}”.", nothingHint: "Try fewer words, or remove a filter.",
    nothingAll: "There are no products yet.",
    fault: "Search is not available right now.", retry: "Try again", listPrice: "List price", salePrice: "Price", rating: "Rated {} of 5", reviewsCount: "{} reviews",
    offers: "{} shops · from {}", offersTitle: "Price by shop", variants: "{} options", opensNew: "(opens in a new window)", noImage: "No image", off: "{}% off",
    offersNotCompared: "{} shops", notCompared: "not compared: no exchange rate", about: "about {}", otherOffers: "Same product · {} shops", unusedSingle: "New, single",
    pack: "Pack of {}", leastQuantity: "At least {}", unitPrice: "{1} per {0}", delivered_asc: "Price with shipping: low to high",
    lowest: "Lowest", suggestionCount: "{} suggestions", category_kind: "category", brand_kind: "brand", showMore: "Show more", adult: "Adults only",
  },
};

let language = "ko";

export function useLanguage(wanted) {
  language = wanted in WORDS ? wanted : "ko";
  document.documentElement.lang = language;
  document.title = word("title");
  for (const part of document.querySelectorAll("[data-word]")) part.textContent = word(part.dataset.word);
  for (const part of document.querySelectorAll("[data-label]")) part.setAttribute("aria-label", word(part.dataset.label));
  for (const part of document.querySelectorAll("[data-placeholder]")) part.placeholder = word(part.dataset.placeholder);
  for (const part of document.querySelectorAll("[data-language]")) {
    part.setAttribute("aria-pressed", String(part.dataset.language === language));
  }
}

export const currentLanguage = () => language;

// The word of that name; `{}` takes the values in turn, `{1}` the second one.
export function word(name, ...values) {
  let next = 0;
  const text = WORDS[language][name] ?? name;
  return text.replace(/\{(\d?)\}/g, (_, place) => values[place === "" ? next++ : Number(place)] ?? "");
}

export const number = (value) => new Intl.NumberFormat(language).format(value);

let shopCurrency = "KRW";

// The currency in which prices compare; the API says it with each answer.
export function useShopCurrency({ currency }) {
  shopCurrency = currency;
}

export function money(value, currency = shopCurrency) {
  if (currency === "KRW" && language === "ko") return `${number(value)}원`;
  return new Intl.NumberFormat(language, { style: "currency", currency, minimumFractionDigits: Number.isInteger(value) ? 0 : 2 }).format(value);
}
