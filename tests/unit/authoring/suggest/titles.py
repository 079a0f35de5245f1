"""Titles of invented products in many languages, with the encodings that files of these languages are in."""

from __future__ import annotations

ROWS_OF_ASCII = (
    "USB-C Cable 2m",
    "Gift Card 50",
    "T-Shirt Basic M",
    "Phone 15 Case",
    "AA Battery 4-pack",
)

TITLES: dict[str, tuple[tuple[str, ...], str]] = {
    "ko": (("cp949",),
        "산들 머그컵 350ml 화이트|무선 블루투스 이어폰 노이즈캔슬링|캠핑용 접이식 의자 대형|여성 울 니트 가디건 [당일발송]|"
        "프리미엄 스테인리스 텀블러 500ml|남성 경량 패딩 점퍼 (블랙)|유아용 원목 책상 세트|국산 참깨 볶음 200g 2봉|쫀득한 찹쌀떡 선물세트 20개입|"
        "삼성 갤럭시 S25 정품 투명 케이스|뽀로로 어린이 칫솔 3입|똑딱이 스프링 노트 B5|LED 스탠드 조명 접이식|홈카페 드립커피 세트|"
        "반려견 간식 닭가슴살 300g|곰팡이 제거제 대용량 1L|휘슬러 압력솥 4.5리터|여름용 냉감 이불 퀸사이즈|다용도 수납함 3단|"
        "등산화 남녀공용 방수 270mm|꿀밤 고구마 5kg 박스|쌀국수 컵라면 12개|샤워 필터 교체용 2개입|가죽 지갑 반지갑 브라운"),
    "ja": (("shift_jis", "euc-jp",),
        "ワイヤレスイヤホン ノイズキャンセリング ブラック|折りたたみ椅子 アウトドア用|ステンレスボトル 500ml 保温保冷|【送料無料】レディース ニットセーター|"
        "デスクライト LED 調光機能付き|国産黒毛和牛 すき焼き用 400g|子供用自転車 16インチ|有機抹茶 100g 宇治産|本革 長財布 メンズ 茶色|ふわふわ毛布 シングル|"
        "炊飯器 5.5合炊き 圧力IH|日本酒 純米大吟醸 720ml|敷き布団 シングル 日本製|珈琲豆 深煎り 200g|ベビー服 長袖 70cm|掃除機 コードレス 軽量|"
        "焼酎 芋 1800ml|防水スニーカー 24cm|アルミ製 収納ボックス|美容液 保湿 30ml|北海道産 鮭 切り身|革靴 ビジネス 幅広|カーテン 遮光 2枚組|"
        "万年筆 青インク"),
    "zh-tw": (("big5",),
        "無線藍牙耳機 降噪 黑色|折疊露營椅 輕量|不鏽鋼保溫杯 500ml|女裝針織毛衣 秋冬款|護眼檯燈 LED 三段調光|台灣高山烏龍茶 150g|兒童書桌椅組 實木|"
        "男士羽絨外套 防風|真皮短夾 咖啡色|電動牙刷 充電式|鳳梨酥禮盒 12入|空氣清淨機 濾網|電鍋 十人份 不鏽鋼|寵物飼料 雞肉口味 3kg|運動鞋 男款 透氣|"
        "保濕面霜 50ml|嬰兒濕紙巾 80抽|廚房收納架 三層|雨傘 自動開收|牛仔褲 女款 彈性|手機殼 透明 防摔|香氛蠟燭 玫瑰|麻辣鍋底 600g|記憶枕 獨立筒"),
    "zh-cn": (("gb18030",),
        "无线蓝牙耳机 降噪 黑色|户外折叠椅 便携|不锈钢保温杯 500ml|女装针织毛衣 秋冬新款|护眼台灯 LED 三档调光|西湖龙井茶叶 250g|儿童书桌椅套装 实木|"
        "男士羽绒服 加厚 防风|头层牛皮钱包 棕色|电动牙刷 充电式|坚果礼盒 10袋装|空气净化器 滤芯|电饭煲 家用 4升|宠物狗粮 鸡肉味 3kg|运动鞋 男款 透气|"
        "补水面霜 50ml|婴儿湿巾 80抽|厨房置物架 三层|雨伞 全自动|牛仔裤 女款 弹力|手机壳 透明 防摔|香薰蜡烛 玫瑰|火锅底料 500g|记忆棉枕头"),
    "pl": (("cp1250", "iso8859-2",),
        "Słuchawki bezprzewodowe czarne|Krzesło kempingowe składane|"
        "Kubek termiczny ze stali nierdzewnej|Sweter damski wełniany|Lampka biurkowa LED biała|"
        "Żółta kurtka przeciwdeszczowa|Zestaw śrubokrętów 12 części|Odkurzacz ręczny bezworkowy|"
        "Łóżko dziecięce 160x80|Pościel bawełniana świąteczna|Herbata zielona liściasta 100g|"
        "Ładowarka sieciowa USB-C|Buty do biegania męskie|Miód lipowy 500g|Książka kucharska|"
        "Młotek stolarski|Plecak szkolny różowy|Ręcznik kąpielowy|Krem nawilżający do twarzy|"
        "Wąż ogrodowy 20 m|Świeca zapachowa|Mysz bezprzewodowa|Talerz głęboki|"
        "Skarpety bawełniane 3 pary"),
    "cs": (("cp1250", "iso8859-2",),
        "Bezdrátová sluchátka černá|Skládací kempingová židle|Nerezový termohrnek 500 ml|"
        "Dámský svetr vlněný|Stolní lampička bílá LED|Dětská postýlka dřevěná|Pánské běžecké boty|"
        "Šroubovák křížový|Ložní prádlo bavlněné|Žehlička napařovací|Čaj zelený sypaný 100 g|"
        "Nabíječka do auta rychlá|Kuchyňský nůž 20 cm|Zahradní hadice|Dětské kolo červené|"
        "Příkrývka letní|Hřeben na vlasy|Krém na obličej|Mýdlo tekuté|Ručník froté|Svíčka vonná|"
        "Taška přes rameno|Hrnec smaltovaný 5 l|Měřicí páska"),
    "hu": (("cp1250", "iso8859-2",),
        "Vezeték nélküli fülhallgató fekete|Összecsukható kempingszék|Rozsdamentes termosz 500 ml|"
        "Női kötött pulóver|Asztali lámpa LED|Gyerek kerékpár piros|Férfi futócipő|"
        "Hűtőszekrény fagyasztóval|Tűzálló üvegtál|Bőr pénztárca barna|Zöld tea szálas 100g|"
        "Kézi porszívó|Konyhai késkészlet|Esernyő automata|Törölköző pamut|Gyertya illatos|"
        "Sütőforma szilikon|Női csizma bőr|Kávéfőző gép|Hátizsák iskolai|Párna memóriahabos|"
        "Fúrógép ütvefúró|Mosószer folyékony|Gyümölcslé körte"),
    "ru": (("cp1251", "koi8-r", "iso8859-5", "cp866",),
        "Наушники беспроводные чёрные|Стул складной для кемпинга|Термокружка из нержавеющей стали|"
        "Свитер женский шерстяной|Лампа настольная светодиодная|Детская кроватка деревянная|"
        "Кроссовки мужские|Чай зелёный листовой 100 г|Кошелёк кожаный|Пылесос ручной|"
        "Постельное бельё хлопок|Зарядное устройство|Нож кухонный 20 см|Шланг садовый|"
        "Велосипед детский красный|Одеяло летнее|Крем для лица увлажняющий|Полотенце махровое|"
        "Свеча ароматическая|Сумка через плечо|Кастрюля 5 л|Рулетка измерительная|"
        "Зонт автоматический|Носки хлопковые 3 пары"),
    "uk": (("cp1251", "koi8-u",),
        "Навушники бездротові чорні|Стілець складаний для кемпінгу|"
        "Термокружка з нержавіючої сталі|Светр жіночий вовняний|Лампа настільна світлодіодна|"
        "Дитяче ліжечко дерев'яне|Кросівки чоловічі|Чай зелений листовий|Гаманець шкіряний|"
        "Їжа для котів|Постільна білизна|Зарядний пристрій|Ніж кухонний|Шланг садовий|"
        "Велосипед дитячий|Ковдра літня|Крем для обличчя|Рушник махровий|Свічка ароматична|"
        "Сумка через плече|Каструля|Рулетка|Парасоля|Шкарпетки"),
    "el": (("cp1253", "iso8859-7",),
        "Ασύρματα ακουστικά μαύρα|Πτυσσόμενη καρέκλα κάμπινγκ|Ανοξείδωτο θερμός 500ml|"
        "Γυναικείο πλεκτό πουλόβερ|Φωτιστικό γραφείου LED|Παιδικό ποδήλατο κόκκινο|"
        "Ανδρικά παπούτσια|Πράσινο τσάι|Δερμάτινο πορτοφόλι|Ηλεκτρική σκούπα|"
        "Ελαιόλαδο εξαιρετικό παρθένο|Φορτιστής αυτοκινήτου|Μαχαίρι κουζίνας|Ομπρέλα αυτόματη|"
        "Πετσέτα μπάνιου|Κερί αρωματικό|Κρέμα προσώπου|Τσάντα ώμου|Κατσαρόλα|Σχολικό σακίδιο|"
        "Μαξιλάρι|Μέλι θυμαρίσιο|Κάλτσες|Ρολόι τοίχου"),
    "tr": (("cp1254", "iso8859-9",),
        "Kablosuz kulaklık siyah|Katlanır kamp sandalyesi|Paslanmaz çelik termos 500 ml|"
        "Kadın örgü kazak|Masa lambası LED ışık|Çocuk bisikleti kırmızı|Erkek koşu ayakkabısı|"
        "Yeşil çay 100 g|Deri cüzdan kahverengi|Süpürge şarjlı|Pamuklu nevresim takımı|"
        "Güneş gözlüğü|Mutfak bıçağı|Şemsiye otomatik|Banyo havlusu|Kokulu mum|Yüz kremi|"
        "Omuz çantası|Düdüklü tencere|Okul çantası|Yastık|Çam balı|Çorap üçlü|Duvar saati"),
    "fr": (("cp1252",),
        "Écouteurs sans fil noirs|Chaise de camping pliante|Thermos en acier inoxydable|"
        "Pull en laine pour femme – été|Lampe de bureau réglable|Vélo d’enfant rouge|"
        "Chaussures d'homme légères|Thé vert en feuilles|Portefeuille en cuir véritable|"
        "Aspirateur à main|Crème hydratante|Œufs en chocolat|Couteau de cuisine|"
        "Parapluie automatique été|Bougie parfumée|Sac à bandoulière|Marmite émaillée|"
        "Gâteau breton|Oreiller à mémoire|Horloge murale dorée|Tapis tissé|Café moulu|"
        "Chaîne de vélo|Lit bébé"),
    "de": (("cp1252",),
        "Kabellose Kopfhörer schwarz|Campingstuhl faltbar groß|Thermobecher aus Edelstahl|"
        "Strickpullover für Damen|Schreibtischlampe weiß|Kinderfahrrad 16 Zoll grün|"
        "Herren Laufschuhe Größe 42|Grüner Tee lose|Geldbörse aus Leder|Staubsauger beutellos|"
        "Bettwäsche Baumwolle|Ladegerät für Auto|Küchenmesser|Regenschirm|Duftkerze Vanille süß|"
        "Umhängetasche|Kochtopf 5 l|Schulrucksack für Mädchen|Kopfkissen|Wanduhr Weiß|Gürtel|"
        "Kaffee gemahlen|Handtücher 3 Stück|Bürostuhl"),
    "es": (("cp1252",),
        "Auriculares inalámbricos negros|Silla plegable para cámping|Jersey de punto señora|"
        "Lámpara de escritorio|Bicicleta para niños|Té verde|Café molido|Batería portátil|"
        "Zapatos cómodos|Bolígrafo azul|Colchón|Cepillo eléctrico|Cuchillo de cocina|"
        "Paraguas automático|Almohada viscoelástica|Miel de azahar española|Cinturón de piel|"
        "Calcetines|Reloj pequeño|Sartén|Jabón líquido|Pantalón niño|Mochila|Crema hidratación"),
    "sv": (("cp1252",),
        "Trådlösa hörlurar svarta|Hopfällbar campingstol|Termos i rostfritt stål|Stickad tröja|"
        "Skrivbordslampa vit|Barncykel röd|Löparskor för män|Grönt te|Plånbok i läder|"
        "Dammsugare påslös|Sängkläder|Laddare för bil|Kökskniv|Paraply blå|Doftljus|Axelväska|"
        "Gryta 5 l|Skolväska för barn|Kudde|Väggklocka|Bälte|Kaffe mörkrost|Handdukar tre små|"
        "Kontorsstol grå"),
    "th": (("cp874",),
        "หูฟังไร้สาย สีดำ|เก้าอี้พับแคมป์ปิ้ง|แก้วเก็บความเย็น|เสื้อไหมพรมผู้หญิง|โคมไฟตั้งโต๊ะ|"
        "จักรยานเด็ก|รองเท้าวิ่งผู้ชาย|ชาเขียว|กระเป๋าสตางค์หนัง|เครื่องดูดฝุ่น|ผ้าปูที่นอน|"
        "ที่ชาร์จรถ|มีดทำครัว|ร่มอัตโนมัติ|เทียนหอม|กระเป๋าสะพาย|หม้อ|หมอน|นาฬิกา|เข็มขัด|กาแฟ|"
        "ผ้าขนหนู|เก้าอี้สำนักงาน|สบู่"),
    "he": (("cp1255",),
        "אוזניות אלחוטיות שחורות|כיסא מתקפל לקמפינג|כוס תרמית נירוסטה|סוודר נשים|מנורת שולחן|"
        "אופני ילדים|נעלי ריצה לגברים|תה ירוק|ארנק עור|שואב אבק|מצעים כותנה|מטען לרכב|סכין מטבח|"
        "מטריה|נר ריחני|תיק צד|סיר|כרית|שעון קיר|חגורה|קפה|מגבות|כיסא משרדי|סבון"),
    "ar": (("cp1256",),
        "سماعات لاسلكية سوداء|كرسي قابل للطي للتخييم|كوب حراري|سترة نسائية|مصباح مكتب|دراجة أطفال|"
        "حذاء رياضي رجالي|شاي أخضر|محفظة جلدية|مكنسة كهربائية|طقم سرير قطن|شاحن سيارة|سكين مطبخ|"
        "مظلة|شمعة معطرة|حقيبة كتف|قدر|وسادة|ساعة حائط|حزام|قهوة|مناشف|كرسي مكتب|صابون"),
    "lt": (("cp1257",),
        "Belaidės ausinės juodos|Sulankstoma kėdė|Termosas nerūdijančio plieno|"
        "Moteriškas megztinis|Stalinė lempa|Vaikiškas dviratis|Vyriški bėgimo batai|Žalia arbata|"
        "Odinė piniginė|Dulkių siurblys|Patalynė medvilninė|Automobilinis įkroviklis|"
        "Virtuvinis peilis|Skėtis|Kvapi žvakė|Rankinė per petį|Puodas|Pagalvė|Sieninis laikrodis|"
        "Diržas|Kava malta|Rankšluosčiai|Biuro kėdė|Muilas skystas"),
    "ro": (("cp1250",),
        "Căşti fără fir negre|Scaun pliabil de camping|Termos din oţel inoxidabil|Pulover damă|"
        "Lampă de birou|Bicicletă copii roşie|Pantofi bărbaţi|Ceai verde|Portofel din piele|"
        "Aspirator fără sac|Lenjerie de pat|Încărcător auto|Cuţit de bucătărie|Umbrelă|"
        "Lumânare parfumată|Geantă de umăr|Oală 5 l|Pernă|Ceas de perete|Curea|Cafea măcinată|"
        "Prosoape|Scaun de birou|Săpun lichid"),
}  # fmt: skip
