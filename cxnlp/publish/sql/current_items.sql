CREATE VIEW current_items AS
WITH latest AS (
    SELECT *
    FROM core_items
    QUALIFY row_number() OVER (
        PARTITION BY item_id
        ORDER BY string_split(label_version, '@')[-1] DESC, label_version DESC
    ) = 1
)
SELECT
    f.* EXCLUDE (segments, raw_hash, position, file),
    strftime(date_trunc('week', timezone('/*zone*/', timezone('UTC', f.created_at))), '%Y-%m-%d') AS week,
    i.* EXCLUDE (item_id, source, text_hash),
    d.duplicate_of,
    d.duplicate_kind/*own segments*/
FROM core_feedback AS f
LEFT JOIN latest AS i ON i.item_id = f.item_id AND i.text_hash = f.text_hash
LEFT JOIN core_duplicates AS d ON d.item_id = f.item_id
LEFT JOIN core_customers AS u ON u.customer_key = f.customer_key
