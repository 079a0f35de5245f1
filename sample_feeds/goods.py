"""Made-up but likely products of Korean malls: the same ones at each call."""

from __future__ import annotations

from dataclasses import dataclass

_SHELVES: tuple[tuple[str, tuple[str, ...], str, tuple[str, ...], int], ...] = (
    ("노트북", ("삼성전자", "LG전자", "레노버"), "디지털/가전>노트북",
     ("갤럭시북4 프로 NT{n}", "그램 15Z{n}", "씽크패드 X{n}"), 1_290_000),
    ("무선이어폰", ("삼성전자", "소니", "애플"), "디지털/가전>음향가전>이어폰",
     ("무선 이어폰 버즈{n}", "노이즈캔슬링 이어폰 WF-{n}XM5", "무선이어폰 에어팟 {n}세대"), 189_000),
    ("운동화", ("나이키", "아디다스", "뉴발란스"), "패션잡화>신발>운동화",
     ("나이키 에어포스 {n}", "아디다스 울트라부스트 {n}", "뉴발란스 {n} 러닝화"), 119_000),
    ("라면", ("농심", "오뚜기", "삼양식품"), "식품>가공식품>라면",
     ("신라면 120g x {n}개입", "진라면 매운맛 {n}봉", "불닭볶음면 140g {n}개"), 4_500),
    ("생수", ("제주개발공사", "롯데칠성음료"), "식품>음료>생수",
     ("제주삼다수 500ml x {n}병", "아이시스 2L x {n}병"), 9_900),
    ("티셔츠", ("유니클로", "무신사 스탠다드"), "패션의류>상의>티셔츠",
     ("드라이 반팔 티셔츠 {n}", "오버핏 티셔츠 {n} 화이트"), 19_900),
    ("화장품", ("이니스프리", "닥터지"), "화장품/미용>스킨케어>크림",
     ("그린티 수분 크림 {n}ml", "레드 블레미쉬 크림 {n}ml"), 28_000),
    ("도서", ("문학동네", "창비"), "도서>소설>한국소설",
     ("한국 단편소설선 {n}권", "오늘의 젊은 작가 {n}"), 13_500),
)  # fmt: skip


@dataclass(frozen=True)
class Goods:
    """One product as the mall knows it."""

    number: int
    title: str
    price: int
    list_price: int
    brand: str
    category: str
    gtin: str
    reviews: int

    @property
    def path(self) -> list[str]:
        """The category's levels."""
        return self.category.split(">")


def gtin13(stem: int) -> str:
    """A GTIN-13 of Korea (880) with the right check digit."""
    digits = f"880{stem:09d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def goods(count: int, seed: int) -> list[Goods]:
    """This many products; another seed gives those of another mall."""
    made = []
    for number in range(count):
        _, brands, category, titles, base = _SHELVES[(number + seed) % len(_SHELVES)]
        which = (number // len(_SHELVES) + seed) % len(titles)
        title = titles[which].format(n=number % 40 + seed + 1)
        price = base + (number * 37 + seed * 11) % 50 * 100
        made.append(
            Goods(
                number=number,
                title=title,
                price=price,
                list_price=price + (number % 4) * 1000,
                brand=brands[which % len(brands)],
                category=category,
                gtin=gtin13(seed * 100_000 + number),
                reviews=(number * 13 + seed) % 500,
            )
        )
    return made
