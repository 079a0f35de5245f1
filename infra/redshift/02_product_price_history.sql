-- Which price held from when to when. A new row when price, list price, currency or availability
-- changes; the times are those of the commits; valid_to NULL = holds now.
CREATE TABLE IF NOT EXISTS product_price_history (
    mall_id VARCHAR(31) NOT NULL,
    product_id VARCHAR(400) NOT NULL,
    valid_from TIMESTAMP NOT NULL,
    price DECIMAL(18,2),
    list_price DECIMAL(18,2),
    currency VARCHAR(12),
    availability VARCHAR(64),
    valid_to TIMESTAMP,
    PRIMARY KEY (mall_id, product_id, valid_from)
)
DISTSTYLE KEY
DISTKEY (product_id)
COMPOUND SORTKEY (mall_id, product_id, valid_from);
