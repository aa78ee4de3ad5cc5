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
    f.item_id,
    f.source,
    f.source_id,
    f.source_kind,
    f.channel,
    f.created_at,
    f.customer_key,
    f.nps,
    f.csat,
    f.ces,
    f.stars,
    f.question,
    f.text,
    f.turns,
    f.language,
    f.language_probability,
    f.is_analysed,
    f.text_hash,
    f.night,
    strftime(date_trunc('week', timezone('/*zone*/', timezone('UTC', f.created_at))), '%Y-%m-%d') AS week,
    i.label_version,
    i.model,
    i.sentiment,
    i.sentiment_probability,
    i.service_sentiment,
    i.experience_sentiment,
    i.demand,
    i.demand_probability,
    i.domain,
    i.domain_probability,
    i.cause,
    i.cause_probability,
    i.breakdown_quote,
    i.breakdown_start,
    i.breakdown_end,
    i.domain_posterior,
    i.n_clauses,
    d.duplicate_of,
    d.duplicate_kind/*own segments*/
FROM core_feedback AS f
LEFT JOIN latest AS i ON i.item_id = f.item_id AND i.text_hash = f.text_hash
LEFT JOIN core_duplicates AS d ON d.item_id = f.item_id
LEFT JOIN core_customers AS u ON u.customer_key = f.customer_key
