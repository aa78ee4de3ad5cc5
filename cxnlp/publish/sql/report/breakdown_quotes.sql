-- Three quotes of each breakdown: the surest, of different customers' problems, the newest first among equals.
WITH told AS (
    SELECT k.domain, coalesce(k.cause, 'unsure') AS cause, k.chain_id, i.*  EXCLUDE (domain, cause)
    FROM contacts AS k
    JOIN current_items AS i ON i.item_id = k.quote_item_id
    WHERE k.quote IS NOT NULL
        AND k.week::DATE >= (SELECT max(week)::DATE - INTERVAL 77 DAYS FROM mart_source_week)
    QUALIFY row_number() OVER (PARTITION BY k.chain_id ORDER BY k.contact_no) = 1
)
SELECT domain, cause, item_id, source, created_at, text, breakdown_quote AS quote, breakdown_start AS quote_start
FROM told
QUALIFY row_number() OVER (
    PARTITION BY domain, cause ORDER BY round(domain_probability, 1) DESC, created_at DESC, item_id
) <= 3
ORDER BY domain, cause, round(domain_probability, 1) DESC, created_at DESC, item_id
