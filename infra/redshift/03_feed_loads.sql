-- One row per loaded feed, written in the transaction that loads it.
CREATE TABLE IF NOT EXISTS feed_loads (
    feed_id VARCHAR(64) NOT NULL,
    mall_id VARCHAR(31) NOT NULL,
    feed_name VARCHAR(256),
    catalog_version INTEGER,
    catalog_hash VARCHAR(128),
    object_key VARCHAR(4096),
    size_bytes BIGINT,
    rows_read BIGINT,
    loaded BIGINT,
    changed BIGINT,
    vanished BIGINT,
    rejected BIGINT,
    warnings BIGINT,
    started_at TIMESTAMP,
    committed_at TIMESTAMP,
    loaded_at TIMESTAMP,
    seq BIGINT,
    PRIMARY KEY (feed_id)
)
DISTSTYLE EVEN
COMPOUND SORTKEY (mall_id, loaded_at);
