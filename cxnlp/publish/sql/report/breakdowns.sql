-- The five breakdowns whose contacts cost most in the last twelve weeks, where the cause is known.
SELECT
    owner,
    domain,
    cause,
    sum(contacts)::BIGINT AS contacts,
    sum(repeats)::BIGINT AS repeats,
    sum(cost) AS cost
FROM mart_ledger_week
WHERE domain <> 'cannot_tell'
    AND cause <> 'unsure'
    AND week::DATE >= (SELECT max(week)::DATE - INTERVAL 77 DAYS FROM mart_source_week)
GROUP BY owner, domain, cause
ORDER BY cost DESC, contacts DESC, domain, cause
LIMIT 5
