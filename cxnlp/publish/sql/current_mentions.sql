CREATE VIEW current_mentions AS
SELECT
    m.item_id,
    m.mention_no,
    m.label_version,
    m.source,
    m.model,
    m.quote,
    m.quote_start,
    m.quote_end,
    m.stage,
    m.stage_probability,
    m.touchpoint,
    m.touchpoint_probability,
    m.sentiment,
    m.sentiment_probability,
    m.weight,
    c.source_kind,
    c.channel,
    c.created_at,
    c.week,
    c.customer_key,
    c.duplicate_of/*segments*/
FROM core_mentions AS m
JOIN current_items AS c ON c.item_id = m.item_id AND c.label_version = m.label_version
