SELECT mall_id, table_uuid, snapshot_id, seq, epoch, feed_id, TO_CHAR(moved_at, 'YYYY-MM-DD HH24:MI:SS.US') FROM mall_state WHERE mall_id IN ('alpha', 'beta');
SELECT mall_id FROM products UNION SELECT mall_id FROM mall_state;
SELECT COALESCE(LEFT(content_hash, 2), '') AS bucket, COUNT(*) AS products, CAST(SUM(CASE WHEN content_hash ~ '^[0-9a-f]{64}$' THEN STRTOL(SUBSTRING(content_hash, 3, 8), 16) ELSE 0 END) AS VARCHAR) AS total FROM products WHERE mall_id = 'alpha' GROUP BY 1;
SELECT product_id, COALESCE(content_hash, '') AS content_hash FROM products WHERE mall_id = 'alpha' AND COALESCE(LEFT(content_hash, 2), '') IN ('a0', 'ff');
