"""Names that malls give their columns, by what they hold, each with how surely it means that.

Collected from the public specifications of Naver Shopping EP 2.0 and 3.0, Daum EP, Danawa EP, Google
Merchant Center, Meta's catalog, Prisjakt, OpenAI's product feed, schema.org/Product, and of the exports
of Shopify, WooCommerce, Magento, Cafe24, MakeShop, Godomall, SmartStore, Coupang and Amazon.

English names are sets of words (`sale_price` is found as `salePrice`, `price.sale`, `SALEPRICE`); Korean
ones are found as they are, or at the end of a longer one.
"""

from __future__ import annotations

from collections.abc import Mapping

SURE, USUAL, LIKELY, VAGUE = 1.0, 0.9, 0.7, 0.5
_SALES = "sale sale_price special special_price discount discount_price promo promotion campaign deal".split()  # noqa: SIM905
_MOMENTS = ("", "_date", "_time", "_datetime", "_at", "_period", "_valid")


def _times_of_sales(*ends: str) -> str:
    """`sale_from`, `promo_start_date` …: names as programs have them, whatever the order of their words."""
    return " ".join(f"{sale}_{end}{of}" for sale in _SALES for end in ends for of in _MOMENTS)


NAMES: Mapping[str, Mapping[float, str]] = {
    "product_id": {
        SURE: "product_id productid goods_no goods_id goods_code goodscd item_id item_no item_code "
        "prd_no prd_id prd_code prdcode mapid product_no product_code product_number offer_id it_id pcode "
        "상품코드 상품번호 상품아이디 상품id 상품no 제품코드 제품번호 물품번호 아이템코드 seller_sku 상품고유번호 "
        "판매상품번호 unique_id content_id 옵션id 등록상품id 상품관리코드 tovarenummer artikelnummer reference_produit",
        USUAL: "id variant_sku item_sku sku 품번 variant_id merchant_item_id",
        LIKELY: "code no seq uid key 코드 번호 판매자상품코드 자체상품코드 업체상품코드 custom_product_code "
        "관리번호 seller_product_code pid handle product_key 관리코드 vendor_item_id merchant_product_no @id",
    },
    "title": {
        SURE: "title product_name item_name goods_name goodsnm product_title item_title pname prd_name "
        "prdname prdnm itemnm goods_nm productnm display_product_name 상품명 제품명 상품이름 품명 노출상품명 제목 상품제목 "
        "물품명 등록상품명 도서명 책제목 produktnamn product_display_name titre bezeichnung produktname nom_du_produit titulo",
        USUAL: "name 이름 headline offer_name 품목명 seller_product_name",
        LIKELY: "label subject nm 명칭 seo_title short_title product_short_name 관리상품명",
    },
    "description": {
        SURE: "description product_description long_description body_html body item_description desc detail "
        "상품설명 상세설명 설명 상품상세설명 상세정보 상품상세 제품설명 product_detail description_html "
        "description_plain rich_text_description beschreibung",
        USUAL: "content contents detail_html explain post_content 상세내용 내용 item_note 상세페이지 상품소개 책소개",
        LIKELY: "short_description summary excerpt 요약설명 상품요약설명 간략설명 상품간략설명 simple_description",
    },
    "price": {
        SURE: "price_pc selling_price sell_price sellprice 판매가 판매가격 실판매가 실판매가격 최종가 최종판매가 "
        "final_price current_price our_price offer_price pay_price 실구매가 구매가 판매금액 price_now now_price "
        "price_current price_final price_gross gross_price price_incl_tax price_incl_vat price_with_vat price_vat price_with_tax "
        "now_amount current_amount price_tax_included price_including_tax price_including_vat 현재가 현재판매가 가격판매 가격현재 pris",
        USUAL: "price prix preis precio prezzo 가격 상품가격 amount price_amount price_value unit_amount variant_price 금액 제품가격 상품가 "
        "goods_price product_price item_price offers_price price_krw start_price buy_it_now_price",
        LIKELY: "cost_to_buyer value 단가 price_min min_price lowest_price low_price 최저가",
    },
    "sale_price": {
        SURE: "sale_price special_price discount_price discounted_price promo_price promotion_price "
        "promotional_price deal_price 할인가 할인가격 할인판매가 세일가 특가 행사가 할인적용가 할인후가격 프로모션가 즉시할인가격 "
        "price_sale 할인된가격 price_after_discount campaign_price 가격할인 reapris kampanjpris 세일가격 할인금액적용가",
    },
    "list_price": {
        SURE: "list_price normal_price regular_price original_price compare_at_price msrp rrp retail_price "
        "variant_compare_at_price was_price was consumer_price market_price price_before_discount "
        "price_original price_list price_regular price_was lprice strike_price base_price suggested_retail_price "
        "standard_price full_price old_price 정가 소비자가 소비자가격 시중가 시중가격 정상가 정상가격 할인전가격 할인전가 "
        "권장소비자가 권장소비자가격 원래가격 기존가 시장가 할인율기준가 fixed_price price_fixed org_price "
        "consumer_amount regular_amount original_amount price_no_rebate price_before_sale strikethrough_price "
        "was_amount normal_amount list_amount rrp_price uvp prix_barre 가격정상 가격정가 가격소비자 compare_price 원판매가 ordinarie_pris",
    },
    "currency": {
        SURE: "currency currency_code price_currency 통화 통화코드 화폐 화폐단위 currency_id 통화단위",
        USUAL: "cur ccy",
    },
    "shipping_fee": {
        SURE: "shipping_fee shipping_cost delivery_fee delivery_price delivery_cost delivery_charge deliv "
        "shipping_price shipping_price_value 배송비 배송료 기본배송비 택배비 shipping_charge dlv_fee dlvfee 배송비금액 배송비입력 "
        "shipping_amount 배송비용 frakt versandkosten frais_de_port delivery_amount shipping_rate",
        USUAL: "shipping delivery postage freight",
    },
    "url": {
        SURE: "url link link_href product_url item_url product_link goods_url detail_url pgurl page_url landing_url "
        "상품url 상품링크 상품주소 상세url 상품페이지 상품상세url 페이지url 상품페이지url permalink web_url product_page_url "
        "canonical_link deep_link deeplink canonical_url pc_url url_pc pcurl 상품pcurl "
        "final_url 링크 target_url click_url 구매링크 상품바로가기 바로가기url pc_link link_pc 상세페이지url 상품상세페이지url lien enlace",
        USUAL: "href path uri 경로 주소 www landing_page add_to_cart_url affiliate_link loc",
    },
    "mobile_url": {
        SURE: "mobile_url mobile_link mourl m_url murl link_mobile url_mobile mobile_product_url 모바일url 모바일링크 "
        "모바일상품url 모바일주소 모바일상품링크 mobile_page_url mobile_landing_url",
    },
    "image_url": {
        SURE: "image_url image_link image img_url igurl main_image thumbnail_url thumbnail image_src img "
        "pic pics pic_url imgurl main_image_url product_image item_image picture photo picture_url image_1 img_1 "
        "대표이미지 이미지 이미지url 이미지주소 상품이미지 상품이미지url 대표이미지url 이미지링크 대표사진 사진 썸네일 "
        "image_large large_image list_image base_image featured_image primary_image cover cover_image 표지이미지 bild_url "
        "image_content_url 이미지등록상세 이미지등록 bild image_path image_file 이미지경로 대표이미지주소",
        LIKELY: "variant_image small_image img_path 이미지명 이미지등록목록 image_default media_url small_image_url",
    },
    "extra_image_urls": {
        SURE: "additional_image_link additional_image_url add_image_link add_image_url extra_image additional_image "
        "sub_image gallery image_gallery more_image other_image 추가이미지 추가이미지url 서브이미지 부가이미지 "
        "image_additional alternate_image add_image 추가이미지링크 이미지추가 other_image_url extra_image_url "
        "gallery_image detail_image media_gallery 이미지등록추가 상세이미지 image_extra gallery_image_link",
        LIKELY: "media image_list images_list pictures photos",
    },
    "category_path": {
        SURE: "category category_path product_type category_name categorie product_category category_full_name "
        "breadcrumb category_full category_full_path 카테고리 카테고리명 분류 분류명 카테고리경로 전체카테고리 상품분류 "
        "상품카테고리 product_type_full whole_category_name display_category category_tree 카테고리전체 kategori kategorie categoria",
        USUAL: "cate cat catename section department 진열카테고리 item_category 상품군 post_category",
        LIKELY: "path google_product_category fb_product_category type genre 분야 장르 department_name taxonomy",
    },
    "brand": {
        SURE: "brand brand_name brandnm 브랜드 브랜드명 상표 brand_nm 브랜드이름 varumarke marque marke marca",
        LIKELY: "vendor label_brand product_brand",
    },
    "maker": {
        SURE: "maker manufacturer manufacture manufacturer_name maker_name 제조사 제조회사 제조업체 제조사명 생산자 "
        "producer makernm 제조원 tillverkare hersteller fabricant publisher 출판사 mfr",
        VAGUE: "vendor_name 수입사 supplier",
    },
    "origin": {
        SURE: "origin origin_name country_of_origin made_in origi origin_country 원산지 제조국 생산지 원산지명 manufacture_country "
        "country_of_manufacture 원산국",
    },
    "model_number": {
        SURE: "mpn model_number model_no model_name model modelnm manufacturer_part_number part_number 모델명 모델번호 "
        "모델 제조사품번 모델코드 partno mpn_code manufacturer_sku manufacturer_code manufacturer_number vendor_code 품목번호 manufacture_part_number 품번모델",
        LIKELY: "manufacture_define_number define_number 제조사코드 style_no style_code",
    },
    "gtin": {
        SURE: "gtin ean upc barcode isbn jan gtin13 gtin12 gtin14 gtin8 ean13 isbn13 variant_barcode gtin_13 "
        "ean_code upc_code 바코드 표준상품코드 바코드번호 gtin_upc_ean_or_isbn streckkod jan_code ean_13 isbn_13 "
        "barcode_no 상품바코드 국제표준도서번호",
    },
    "availability": {
        SURE: "availability stock_status in_stock instock is_in_stock 판매상태 재고상태 품절여부 재고여부 판매여부 재고유무 "
        "availability_status sale_status stock_state is_available product_status 품절 available "
        "sell_status lagerstatus disponibilite disponibilité verfügbarkeit disponibilidad soldout_yn 상품판매상태 status_type",
        USUAL: "stock status 상태 재고 state selling sold_out is_soldout 판매상태코드",
        VAGUE: "display_yn",
    },
    "condition": {
        SURE: "condition item_condition product_condition 상품상태 신품여부 중고여부 상품컨디션 "
        "condition_type",
        LIKELY: "상품유형 goods_condition grade",
    },
    "item_group_id": {
        USUAL: "group",
        SURE: "item_group_id group_id parent_sku parent_id product_group_id itemgroupid 그룹id 그룹코드 상품그룹 "
        "parent parent_product_id model_group parent_asin item_group 상위상품코드 묶음상품코드 그룹상품번호 "
        "대표상품코드 대표상품번호 parent_code is_variant_of configurable_sku 상품그룹코드 group_no",
        VAGUE: "handle style_id 노출상품id",
    },
    "review_count": {
        SURE: "review_count reviews_count revct number_of_reviews aggregate_rating_review_count review_cnt "
        "aggregate_rating_rating_count 리뷰수 상품평수 후기수 상품평 review_total rating_count reviewcnt 리뷰개수 "
        "product_review_count num_reviews 구매평수 평가수",
        USUAL: "reviews review 후기 리뷰 ratings_count",
    },
    "rating": {
        SURE: "rating star_rating average_rating aggregate_rating_rating_value review_rating rating_value 평점 별점 "
        "평균평점 product_review_rating review_score rating_average avg_rating 리뷰평점 상품평점 review_average score "
        "product_review_average 평균별점",
    },
    "adult": {
        SURE: "adult is_adult adult_only adult_yn 성인여부 성인상품 성인상품여부 성인용품여부 성인인증 미성년자구매 청소년구매불가 "
        "성인전용 성인전용여부",
    },
    "imported": {
        SURE: "imported import_flag overseas is_import global_shipping overseas_purchase 해외구매대행 구매대행 구매대행여부 "
        "해외구매대행여부 해외직구 해외배송 직구여부 해외상품 해외배송여부 직구",
    },
    "parallel_import": {SURE: "parallel_import is_parallel_import 병행수입 병행수입여부 병행수입상품"},
    "made_to_order": {SURE: "order_made made_to_order custom_made 주문제작 주문제작상품 주문제작여부 주문제작상품여부"},
    "tags": {
        SURE: "tag search_tag keyword search_keyword product_tag 태그 검색어 검색키워드 검색태그 키워드 "
        "상품태그 해시태그 연관검색어 hashtag 검색어설정 상품검색어",
        LIKELY: "meta_keyword",
        VAGUE: "label",
    },
    "mall_updated_at": {
        SURE: "updated_at update_time updated last_modified modified modified_at last_updated utime update_date "
        "updated_time modified_date date_modified upd_dt mod_dt 수정일 수정일시 변경일시 갱신일시 업데이트일시 상품수정일 "
        "최종수정일 수정시간 updatedt modifydate upddt upd_date moddate last_update mod_date 변경일 최종수정일시 "
        "price_updated_at price_update_date last_update_date last_change date_updated lastupdated",
        VAGUE: "timestamp 기준일시",
    },
    "available_at": {
        SURE: "availability_date available_at available_date available_from date_available preorder_date "
        "preorder_release_date availability_start backorder_date restock_date 입고예정일 입고예정일자 입고예정일시 재입고예정일 "
        "예약발송일 예약배송일 발송예정일 출고예정일 배송예정일 예약출고일 구매가능일 구매가능일시",
    },
    "sale_window": {
        SURE: "sale_price_effective_date sale_price_effective_period sale_period sale_window special_price_period promotion_period "
        "discount_period 할인기간 세일기간 특가기간 할인적용기간 행사기간 프로모션기간 할인가적용기간",
    },
    "sale_starts_at": {
        SURE: _times_of_sales("start", "starts", "begin", "begins", "from") + " sale_price_dates_from date_on_sale_from "
        "할인시작일 할인시작일시 할인시작 세일시작일 특가시작일 행사시작일 프로모션시작일 할인가시작일 할인적용시작일",
    },
    "sale_ends_at": {
        SURE: _times_of_sales("end", "ends", "to", "until", "till") + " sale_price_dates_to date_on_sale_to "
        "할인종료일 할인종료일시 할인종료 할인마감일 세일종료일 특가종료일 행사종료일 프로모션종료일 할인가종료일 할인적용종료일",
    },
    "expires_at": {
        SURE: "expiration_date expires_at expire_date offer_expiration_date offer_end_date listing_end_date 판매종료일 판매종료일시 "
        "판매마감일 판매마감일시 노출종료일 노출종료일시 전시종료일 전시종료일시 게시종료일",
    },
    "pack_size": {
        SURE: "pack_size multipack multipack_quantity pack_quantity units_per_pack unit_per_package package_quantity item_package_quantity "
        "number_of_items pack_count 묶음수량 묶음개수 포장수량 포장단위수량 입수 입수량 구성수량",
    },
    "least_quantity": {
        SURE: "minimum_purchase_quantity minimum_order_quantity min_order_quantity min_order_qty min_purchase_quantity moq "
        "least_quantity minimum_quantity min_quantity min_qty min_sale_qty min_cart_qty order_quantity_minimum 최소구매수량 최소주문수량 "
        "최소판매수량 최소구매개수 최소주문개수 최소구매단위",
    },
    "measure": {
        SURE: "unit_pricing_measure unit_price_measure 단위가격용량 단위가격총용량",
    },
    "base_measure": {
        SURE: "unit_pricing_base_measure unit_price_base_measure 단위가격기준 단위가격기준용량 단위가격표시단위",
    },
    "free_shipping_over": {
        SURE: "free_shipping_threshold free_shipping_over free_shipping_minimum free_shipping_limit free_shipping_from free_delivery_over "
        "free_delivery_threshold free_shipping_min_amount 무료배송기준금액 무료배송기준 무료배송조건금액 무료배송최소금액 무료배송금액 "
        "조건부무료배송금액 조건부무료금액 배송비무료조건금액",
    },
    "card_price": {SURE: "card_price price_with_card card_discount_price 카드가 카드할인가 카드프로모션가 카드할인가격 카드결제가"},
    "card_price_condition": {
        SURE: "card_price_condition card_name card_promotion_name 카드프로모션명 카드할인명 카드할인조건 카드명",
    },
    "coupon_price": {
        SURE: "coupon_price price_with_coupon price_after_coupon coupon_applied_price 쿠폰가 쿠폰적용가 쿠폰할인가 쿠폰적용가격 쿠폰할인적용가",
    },
    "coupon_price_condition": {SURE: "coupon_price_condition coupon_name 쿠폰명 쿠폰조건 쿠폰사용조건"},
    "stock_quantity": {
        SURE: "stock_quantity stock_qty inventory_quantity inventory_qty variant_inventory_qty quantity_in_stock stock_count stock_level "
        "current_stock_level current_stock total_stock stock_on_hand available_quantity available_qty quantity_available available_stock "
        "quantity_to_sell_on_facebook inventory_level stock_amount 재고수량 재고량 재고개수 잔여수량 잔여재고 현재고 현재고수량 가용재고 "
        "가용재고수량 총재고 총재고수량 판매가능수량 판매가능재고",
        USUAL: "quantity qty stock 재고 수량 inventory in_stock instock",
    },
    "operation": {
        SURE: "op operation class action crud change_type update_type event_type iud dml op_type 구분 처리구분 변경구분 "
        "작업구분 상태구분 변경유형 mode row_type delta_type cud record_type 연동구분",
        VAGUE: "type status 상태 flag",
    },
}  # fmt: skip
"""What a catalog maps, or role (`operation`) → how surely → names."""

OTHER = (
    "price_net net_price price_excl_tax price_excl_vat price_without_vat price_without_tax price_mobile mobile_price mpric mprice 모바일가 모바일가격 모바일상품가격 모바일판매가 member_price 회원가 회원가격 "
    "supply_price supplier_price 공급가 공급가격 매입가 원가 cost cost_price wholesale_price "
    "cost_per_item cost_of_goods_sold variant_cost 도매가 사입가 납품가 point 적립금 적립포인트 마일리지 포인트 coupon 할인쿠폰 쿠폰 "
    "discount_rate 할인율 discount_amount 할인금액 할인액 할인 discount tax tax_rate vat 부가세 과세구분 unit_price "
    "installment "
    ""
    ""
    "weight shipping_weight variant_gram variant_weight_unit 무게 중량 length width height "
    "seller_id vendor_id 판매자id 판매자명 seller_name store_name shop_name mall_name 쇼핑몰명 몰명 상점명 site_name "
    "merchant_name seller seller_url seller_tos store_code naver_category naver_product_id category_id category_code "
    "category_no caid cateid 카테고리코드 카테고리id 카테고리번호 분류코드 image_alt_text image_position image_id alt_text "
    "seo_title seo_description meta_title meta_description video_url video_link mvurl 동영상 event event_words 이벤트 "
    "card_event 무이자 무이자할부 사은품 option_name option_value 옵션명 옵션값 옵션가 color 색상 size 사이즈 gender 성별 "
    "age_group material pattern brand_id brand_code maker_id model_id brand_certification created_at created 등록일 등록일시 "
    "출시일 reg_date release_date publish_date pdate published_at published 진열상태 display_status 노출여부 진열여부 전시상태 open_date date_added date_created return_fee 반품배송비 "
    "교환배송비 반품비 return_policy installation_cost 설치비 배송방법 delivery_method shipping_method shipping_class "
    "delivery_grade delivery_detail shipping_label tax_class tax_status product_flag goods_type attribute age "
    "identifier_exist is_bundle energy_efficiency_class custom_label_0 custom_label_1 custom_label_2 custom_label_3 "
    "custom_label_4 gift_card ads_redirect excluded_destination included_destination shelf_life 유통기한 store_country "
    "target_country popularity_score return_deadline_in_day warning warning_url age_restriction enable_search "
    "enable_checkout is_eligible_search is_eligible_checkout seller_privacy_policy privacy_policy terms phone 전화번호 "
    "email 이메일 contact 담당자 fulfillment_service inventory_tracker inventory_policy 원산지코드 제조일자 제조일 "
    "download_url homepage site_url shop_url mall_url 쇼핑몰url size_chart_url row_number rownum 순번 연번 "
    "asin listing_id product_id_type product_tax_code fb_product_id 배송비유형 배송비결제방식 배송비구분 판매자바코드 "
    "차등배송비여부 차등배송비내용 별도설치비유무 쿠폰다운로드필요여부 추가정보 group_name 상품평점참여수 최대구매수량 "
    "shipping_dimension relate_product related_product upsell cross_sell url_key lowest_price_30_day 상세설명url "
    "image_width image_height author 저자 지은이 price_valid_until valid_until 판매시작일 노출상품id "
    "variant_count review_url rating_url "
    "safety_stock min_stock minimum_stock stock_min max_stock reserved_quantity reserved_stock sold_quantity sold_qty order_quantity "
    "max_order_quantity maximum_order_quantity max_purchase_quantity max_qty stock_code stock_location stock_date low_stock_amount "
    "low_stock_threshold stock_unit stock_keeping_unit quantity_unit quantity_sold warehouse_stock_code 안전재고 안전재고수량 판매수량 누적판매수량 주문수량 "
    "예약수량 출고수량 입고수량 반품수량 최대주문수량 1회최대구매수량 할인수량 재고번호 재고코드 재고관리 재고관리여부 재고단위 품절일자"
)
"""Names of what is no field of the canonical product, though a part of them may sound so."""

_NEUTRAL_TEXT = (
    "text full main default primary product item good prd prod variant offer listing article data info the g sku master ko kr kor pj "
    "상품 제품 온라인 쇼핑몰 몰 국문 it 商品 製品 产品 アイテム de du des del della di der van"
)
NEUTRAL = frozenset(_NEUTRAL_TEXT.split())
"""Words that say nothing beside another."""

_SPOILING_TEXT = (
    "shipping delivery point mileage coupon supply cost member card unit tax mobile rate ratio percent shop store mall "
    "seller option category cate brand maker manufacturer model group image img review count qty quantity date time start "
    "end min max width height size weight alt position type label event video return old prev id no code cd number num url "
    "link name nm price currency country target user order buyer receiver payment related parent subtotal "
    "배송 반품 교환 적립 쿠폰 공급 매입 원가 회원 카드 단위 모바일 율 옵션 브랜드 제조 모델 그룹 이미지 리뷰 수량 일자 판매자 "
    "공급사 주문 구매자 수령 결제 코드 시작 종료 해외 단가 최소 최대 개당 "
    "送料 ポイント 会員 卸 仕入 原価 在庫 画像 ブランド メーカー レビュー モバイル スマートフォン 注文 オプション サイズ "
    "运费 会员 成本 库存 图片 品牌 评价 店铺 net netto excl ht"
)
SPOILING = frozenset(_SPOILING_TEXT.split())
"""Words that make of a name another one: `shipping` in `shipping price`."""
