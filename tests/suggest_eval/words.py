"""Words of invented products, by language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """What products of a language are called: (noun, category path) pairs and what goes with them."""

    products: tuple[tuple[str, tuple[str, ...]], ...]
    extras: tuple[str, ...]
    brands: tuple[str, ...]
    company: str
    countries: tuple[str, ...]
    sentence: str
    whole_money: bool = False


def _paths(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """`noun=a/b/c; …`."""
    pairs = [part.strip().split("=") for part in text.split(";")]
    return tuple((noun, tuple(path.split("/"))) for noun, path in pairs)


def _words(products: str, extras: str, brands: str, company: str, countries: str, sentence: str,
           whole_money: bool = False) -> Words:  # fmt: skip
    lists = [tuple(one.split(",")) for one in (extras, brands, countries)]
    return Words(_paths(products), lists[0], lists[1], company, lists[2], sentence, whole_money)


LANGUAGES = {
    "ko": _words(
        "무선 이어폰=가전/음향/이어폰; 캠핑 의자=스포츠/캠핑/의자; 텀블러=주방/컵/보온컵; 니트 스웨터=패션/여성/니트; "
        "스탠드 조명=가구/조명/스탠드; 러닝화=스포츠/신발/운동화; 수분 크림=뷰티/스킨케어/크림",
        "블랙,화이트,라이트 블루,대용량,신형", "소리담,바람결,하늘빛,온누리,초록들", "주식회사",
        "국산,중국,베트남", "매일 쓰기 좋은 튼튼한 제품입니다", True,
    ),
    "ja": _words(
        "ワイヤレスイヤホン=家電/オーディオ/イヤホン; 折りたたみ椅子=アウトドア/キャンプ/チェア; ステンレスボトル=キッチン/食器/水筒; "
        "ニットセーター=ファッション/レディース/ニット; デスクライト=インテリア/照明/ライト; 保湿クリーム=美容/スキンケア/クリーム",
        "ブラック,ホワイト,大容量,新型", "風音堂,青空屋,みどり社,日和", "株式会社", "日本,中国,ベトナム",
        "毎日使いやすい丈夫な商品です", True,
    ),
    "zh": _words(
        "无线耳机=家电/音频/耳机; 折叠椅=户外/露营/椅子; 保温杯=厨房/杯具/保温杯; 针织毛衣=服装/女装/毛衣; 台灯=家居/灯具/台灯",
        "黑色,白色,大容量,新款", "风声,蓝天,绿野,晴日", "有限公司", "中国,越南,日本", "适合每天使用的耐用产品",
    ),
    "en": _words(
        "Wireless Earphones=Electronics/Audio/Earphones; Camping Chair=Outdoor/Camping/Chairs; Steel Tumbler=Kitchen/Drinkware/Tumblers; "
        "Knit Sweater=Clothing/Women/Knitwear; Desk Lamp=Home/Lighting/Lamps; Running Shoes=Sports/Shoes/Running; Face Cream=Beauty/Skin Care/Creams",
        "Black,White,Large,Light Blue,Classic", "Northwind,Greenfield,Bluesky,Harbour,Oakley Bros", "Ltd",
        "China,Vietnam,USA", "A sturdy thing for every day, easy to clean",
    ),
    "de": _words(
        "Kabellose Kopfhörer=Elektronik/Audio/Kopfhörer; Campingstuhl=Freizeit/Camping/Stühle; Thermobecher=Küche/Geschirr/Becher; "
        "Strickpullover=Mode/Damen/Pullover; Schreibtischlampe=Wohnen/Leuchten/Lampen; Laufschuhe=Sport/Schuhe/Laufen",
        "Schwarz,Weiß,Groß,Hellblau", "Nordwind,Grünfeld,Himmelblau,Hafen", "GmbH", "Deutschland,China,Österreich",
        "Ein robustes Stück für jeden Tag, leicht zu reinigen",
    ),
    "fr": _words(
        "Écouteurs sans fil=Électronique/Audio/Écouteurs; Chaise de camping=Plein air/Camping/Chaises; Gobelet isotherme=Cuisine/Vaisselle/Gobelets; "
        "Pull en maille=Mode/Femme/Pulls; Lampe de bureau=Maison/Éclairage/Lampes",
        "Noir,Blanc,Grand,Bleu clair", "Vent du Nord,Vertpré,Ciel Bleu,Le Port", "SARL", "France,Chine,Italie",
        "Un objet solide pour tous les jours, facile à nettoyer",
    ),
    "es": _words(
        "Auriculares inalámbricos=Electrónica/Audio/Auriculares; Silla de camping=Aire libre/Camping/Sillas; Vaso térmico=Cocina/Vajilla/Vasos; "
        "Suéter de punto=Moda/Mujer/Suéteres; Lámpara de mesa=Hogar/Iluminación/Lámparas",
        "Negro,Blanco,Grande,Azul claro", "Viento Norte,Campo Verde,Cielo Azul,Puerto", "SA", "España,China,Portugal",
        "Un objeto resistente para cada día, fácil de limpiar",
    ),
    "it": _words(
        "Auricolari senza fili=Elettronica/Audio/Auricolari; Sedia da campeggio=Aria aperta/Campeggio/Sedie; Bicchiere termico=Cucina/Stoviglie/Bicchieri; "
        "Maglione=Moda/Donna/Maglie; Lampada da tavolo=Casa/Illuminazione/Lampade",
        "Nero,Bianco,Grande,Azzurro", "Vento Nord,Campoverde,Cielo Blu,Porto", "Srl", "Italia,Cina,Francia",
        "Un oggetto robusto per ogni giorno",
    ),
    "nl": _words(
        "Draadloze oordopjes=Elektronica/Audio/Oordopjes; Campingstoel=Buiten/Kamperen/Stoelen; Thermosbeker=Keuken/Servies/Bekers; "
        "Gebreide trui=Mode/Dames/Truien; Bureaulamp=Wonen/Verlichting/Lampen",
        "Zwart,Wit,Groot,Lichtblauw", "Noordwind,Groenveld,Blauwlucht,Haven", "BV", "Nederland,China",
        "Een stevig ding voor elke dag",
    ),
    "sv": _words(
        "Trådlösa hörlurar=Elektronik/Ljud/Hörlurar; Campingstol=Friluft/Camping/Stolar; Termosmugg=Kök/Porslin/Muggar; "
        "Stickad tröja=Mode/Dam/Tröjor; Skrivbordslampa=Hem/Belysning/Lampor",
        "Svart,Vit,Stor,Ljusblå", "Nordan,Grönäng,Himmelsblå,Hamnen", "AB", "Sverige,Kina", "En stadig sak för varje dag",
    ),
    "pl": _words(
        "Słuchawki bezprzewodowe=Elektronika/Audio/Słuchawki; Krzesło kempingowe=Turystyka/Kemping/Krzesła; Kubek termiczny=Kuchnia/Naczynia/Kubki; "
        "Sweter z dzianiny=Moda/Damska/Swetry; Lampka biurkowa=Dom/Oświetlenie/Lampy",
        "Czarny,Biały,Duży,Błękitny", "Północ,Zielone Pole,Niebo,Przystań", "sp. z o.o.", "Polska,Chiny",
        "Solidna rzecz na co dzień, łatwa do czyszczenia",
    ),
    "cs": _words(
        "Bezdrátová sluchátka=Elektronika/Zvuk/Sluchátka; Kempingová židle=Volný čas/Kempování/Židle; Termohrnek=Kuchyň/Nádobí/Hrnky; "
        "Pletený svetr=Móda/Ženy/Svetry; Stolní lampa=Domov/Osvětlení/Lampy",
        "Černá,Bílá,Velká,Světle modrá", "Severák,Zelené Pole,Nebesko,Přístav", "s.r.o.", "Česko,Čína",
        "Pevná věc na každý den",
    ),
    "el": _words(
        "Ασύρματα ακουστικά=Ηλεκτρονικά/Ήχος/Ακουστικά; Καρέκλα κάμπινγκ=Ύπαιθρος/Κάμπινγκ/Καρέκλες; Θερμός=Κουζίνα/Σκεύη/Θερμός; "
        "Πουλόβερ=Μόδα/Γυναίκα/Πλεκτά; Φωτιστικό=Σπίτι/Φωτισμός/Φωτιστικά",
        "Μαύρο,Λευκό,Μεγάλο", "Βοριάς,Πράσινο,Ουρανός", "ΑΕ", "Ελλάδα,Κίνα", "Ανθεκτικό για κάθε μέρα",
    ),
    "ru": _words(
        "Беспроводные наушники=Электроника/Аудио/Наушники; Складной стул=Отдых/Кемпинг/Стулья; Термокружка=Кухня/Посуда/Кружки; "
        "Вязаный свитер=Одежда/Женская/Свитеры; Настольная лампа=Дом/Свет/Лампы",
        "Чёрный,Белый,Большой,Голубой", "Северный ветер,Зелёное поле,Небо,Гавань", "ООО", "Россия,Китай",
        "Прочная вещь на каждый день", True,
    ),
    "pt": _words(
        "Fones sem fio=Eletrônicos/Áudio/Fones; Cadeira de camping=Ar livre/Camping/Cadeiras; Copo térmico=Cozinha/Louça/Copos; "
        "Suéter de tricô=Moda/Feminina/Suéteres; Luminária de mesa=Casa/Iluminação/Luminárias",
        "Preto,Branco,Grande,Azul claro", "Vento Norte,Campo Verde,Céu Azul,Porto", "Ltda", "Brasil,China",
        "Um objeto resistente para cada dia",
    ),
}  # fmt: skip
"""Language → its words."""
