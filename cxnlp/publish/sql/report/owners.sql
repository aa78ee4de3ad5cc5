-- The ledger of the last twelve weeks by owner; a chain of contacts counts once in chains.
WITH span AS (
    SELECT strftime(max(week)::DATE - INTERVAL 77 DAYS, '%Y-%m-%d') AS first_week FROM mart_source_week
), counted AS (
    SELECT
        owner,
        sum(contacts) AS contacts,
        sum(repeats) AS repeats,
        sum(cost) AS cost,
        coalesce(sum(said_contacts - both_contacts), 0)::BIGINT AS said_only,
        coalesce(sum(happened_contacts - both_contacts), 0)::BIGINT AS happened_only,
        coalesce(sum(both_contacts), 0)::BIGINT AS both_ways
    FROM mart_ledger_week, span
    WHERE week >= first_week
    GROUP BY owner
), chained AS (
    SELECT owner, count(DISTINCT chain_id) AS chains
    FROM contacts, span
    WHERE week >= first_week AND owner IS NOT NULL
    GROUP BY owner
)
SELECT
    counted.owner,
    contacts,
    coalesce(chains, 0) AS chains,
    repeats,
    cost,
    said_only,
    happened_only,
    both_ways,
    contacts / sum(contacts) OVER () AS share,
    wilson_low(contacts, sum(contacts) OVER ()) AS share_low,
    wilson_high(contacts, sum(contacts) OVER ()) AS share_high
FROM counted
LEFT JOIN chained ON chained.owner = counted.owner
ORDER BY cost DESC, contacts DESC, counted.owner
