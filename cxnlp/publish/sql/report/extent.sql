-- What the report rests on.
SELECT
    count(*) AS item_count,
    count(*) FILTER (duplicate_of IS NULL) AS counted,
    count(*) FILTER (duplicate_of IS NOT NULL) AS duplicate_count,
    count(*) FILTER (duplicate_of IS NULL AND label_version IS NOT NULL) AS labelled,
    count(DISTINCT source) AS source_count,
    min(created_at) AS first_at,
    max(created_at) AS last_at
FROM current_items
