CREATE VIEW journey AS
SELECT
    e.customer_key,
    e."at",
    e.kind AS what,
    e.source,
    e.stage,
    e.attributes AS detail,
    NULL::BIGINT AS sentiment,
    NULL::VARCHAR AS demand,
    NULL::VARCHAR AS domain,
    NULL::VARCHAR AS cause,
    NULL::VARCHAR AS item_id,
    e.event_id
FROM core_events AS e
WHERE e.customer_key IS NOT NULL
UNION ALL
SELECT
    c.customer_key,
    c.created_at,
    c.source_kind,
    c.source,
    m.stage,
    c.text,
    c.sentiment,
    c.demand,
    c.domain,
    c.cause,
    c.item_id,
    NULL
FROM current_items AS c
LEFT JOIN core_mentions AS m ON m.item_id = c.item_id AND m.label_version = c.label_version AND m.mention_no = 0
WHERE c.customer_key IS NOT NULL
ORDER BY ALL NULLS LAST
