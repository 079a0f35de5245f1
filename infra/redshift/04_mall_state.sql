-- How far the warehouse has come for each mall: the sink's cursor, and the guard that makes a
-- repeated or late transaction change nothing.
CREATE TABLE IF NOT EXISTS mall_state (
    mall_id VARCHAR(31) NOT NULL,
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    table_uuid VARCHAR(64) NOT NULL,
    snapshot_id BIGINT NOT NULL,
    feed_id VARCHAR(64),
    moved_at TIMESTAMP,
    PRIMARY KEY (mall_id)
)
DISTSTYLE ALL
SORTKEY (mall_id);
