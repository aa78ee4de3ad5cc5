-- The three newest of those items, with what was bad.
SELECT m.stage, m.touchpoint, i.item_id, i.source, i.created_at, i.text, m.quote, m.quote_start
FROM current_mentions AS m
JOIN current_items AS i ON i.item_id = m.item_id
WHERE i.service_sentiment > 0
    AND i.experience_sentiment < 0
    AND m.sentiment < 0
    AND m.stage <> 'support'
    AND m.touchpoint IS NOT NULL
    AND i.duplicate_of IS NULL
QUALIFY row_number() OVER (PARTITION BY m.item_id ORDER BY m.mention_no) = 1
ORDER BY i.created_at DESC NULLS LAST, i.item_id
LIMIT 3
