-- The three costliest causes of each owner in the last twelve weeks.
SELECT owner, domain, cause, sum(contacts) AS contacts, sum(cost) AS cost
FROM mart_ledger_week
WHERE week::DATE >= (SELECT max(week)::DATE - INTERVAL 77 DAYS FROM mart_source_week)
GROUP BY owner, domain, cause
QUALIFY row_number() OVER (PARTITION BY owner ORDER BY sum(cost) DESC, sum(contacts) DESC, domain, cause) <= 3
ORDER BY owner, cost DESC, contacts DESC, domain, cause
