-- Failure contacts of each owner, week by week; a week without one counts zero.
WITH weeks AS (
    SELECT DISTINCT week
    FROM mart_source_week
    WHERE week::DATE >= (SELECT max(week)::DATE - INTERVAL 77 DAYS FROM mart_source_week)
), owners AS (
    SELECT DISTINCT owner FROM mart_ledger_week
)
SELECT owners.owner, weeks.week, coalesce(sum(contacts), 0)::BIGINT AS contacts
FROM owners
CROSS JOIN weeks
LEFT JOIN mart_ledger_week AS ledger ON ledger.owner = owners.owner AND ledger.week = weeks.week
GROUP BY owners.owner, weeks.week
ORDER BY owners.owner, weeks.week
