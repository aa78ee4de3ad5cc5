CREATE VIEW current_mentions AS
SELECT
    m.*,
    c.source_kind,
    c.channel,
    c.created_at,
    c.week,
    c.customer_key,
    c.duplicate_of/*segments*/
FROM core_mentions AS m
JOIN current_items AS c ON c.item_id = m.item_id AND c.label_version = m.label_version
