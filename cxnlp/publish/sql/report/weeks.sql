-- The last twelve weeks: items, negative items, failure demand, service and experience, contacts and their cost.
WITH items AS (
    SELECT
        week,
        sum(base) AS item_count,
        sum(negative_count) AS negative_count,
        sum(failure_count) AS failure_count
    FROM mart_source_week
    GROUP BY week
), feelings AS (
    SELECT week, avg(service_sentiment) AS service_mean, avg(experience_sentiment) AS experience_mean
    FROM current_items
    WHERE duplicate_of IS NULL AND label_version IS NOT NULL
    GROUP BY week
), money AS (
    SELECT week, sum(contacts) AS contacts, sum(cost) AS cost
    FROM mart_ledger_week
    GROUP BY week
)
SELECT
    items.week,
    item_count,
    negative_count / item_count AS negative_share,
    wilson_low(negative_count, item_count) AS negative_low,
    wilson_high(negative_count, item_count) AS negative_high,
    failure_count / item_count AS failure_share,
    wilson_low(failure_count, item_count) AS failure_low,
    wilson_high(failure_count, item_count) AS failure_high,
    service_mean,
    experience_mean,
    coalesce(contacts, 0) AS contacts,
    coalesce(cost, 0) AS cost
FROM items
LEFT JOIN feelings ON feelings.week = items.week
LEFT JOIN money ON money.week = items.week
WHERE items.week::DATE >= (SELECT max(week)::DATE - INTERVAL 77 DAYS FROM mart_source_week)
ORDER BY items.week
