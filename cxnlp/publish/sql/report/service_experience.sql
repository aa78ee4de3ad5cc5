-- Customers who were served well and still had a bad time: what was bad, and how good service was.
SELECT
    m.stage,
    m.touchpoint,
    count(DISTINCT m.item_id) AS item_count,
    avg(i.service_sentiment) AS service_mean,
    avg(m.sentiment) AS experience_mean
FROM current_mentions AS m
JOIN current_items AS i ON i.item_id = m.item_id
WHERE i.service_sentiment > 0
    AND i.experience_sentiment < 0
    AND m.sentiment < 0
    AND m.stage <> 'support'
    AND m.touchpoint IS NOT NULL
    AND i.duplicate_of IS NULL
GROUP BY m.stage, m.touchpoint
ORDER BY item_count DESC, experience_mean, m.stage, m.touchpoint
LIMIT 8
