-- Every breakdown of the last seven days against the four weeks before; what got worse beyond chance comes first.
SELECT
    owner,
    domain,
    cause,
    week_end,
    contacts,
    contacts_before,
    rate_ratio,
    rate_ratio_low,
    rate_ratio_high,
    q_value,
    cost,
    q_value <= 0.05 AND rate_ratio > 1 AS is_worse,
    q_value <= 0.05 AND rate_ratio < 1 AS is_better
FROM mart_change
ORDER BY is_worse DESC, cost DESC, rate_ratio DESC, owner, domain, cause
