-- The canonical products. One row per product; key (mall_id, product_id): Redshift enforces none.
-- A VARCHAR counts bytes: 4 for each character allowed. Arrays and maps are SUPER.
CREATE TABLE IF NOT EXISTS products (
    mall_id VARCHAR(31) NOT NULL,
    product_id VARCHAR(400) NOT NULL,
    title VARCHAR(1200),
    description VARCHAR(20000),
    price DECIMAL(18,2),
    list_price DECIMAL(18,2),
    currency VARCHAR(12),
    shipping_fee DECIMAL(18,2),
    url VARCHAR(24000),
    mobile_url VARCHAR(24000),
    image_url VARCHAR(24000),
    extra_image_urls SUPER,
    category_path SUPER,
    category_raw VARCHAR(20000),
    brand VARCHAR(400),
    maker VARCHAR(400),
    origin VARCHAR(400),
    model_number VARCHAR(400),
    gtin VARCHAR(56),
    availability VARCHAR(64),
    condition VARCHAR(64),
    item_group_id VARCHAR(400),
    review_count INTEGER,
    rating DECIMAL(3,2),
    adult BOOLEAN,
    imported BOOLEAN,
    parallel_import BOOLEAN,
    made_to_order BOOLEAN,
    tags SUPER,
    attributes SUPER,
    mall_updated_at TIMESTAMP,
    content_hash VARCHAR(64),
    seq BIGINT,
    loaded_at TIMESTAMP,
    PRIMARY KEY (mall_id, product_id)
)
DISTSTYLE KEY
DISTKEY (product_id)
COMPOUND SORTKEY (mall_id, product_id);
