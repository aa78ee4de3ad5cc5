-- Why records of the night were not used.
SELECT 'quarantined' AS fate, source, file, reason, count(*) AS record_count, min(position) AS first_position
FROM quarantine
WHERE night = $night
GROUP BY source, file, reason
UNION ALL
SELECT CASE stage WHEN 'label' THEN 'not labelled' ELSE 'dropped' END, source, file, reason, count(*), min(position)
FROM core_dropped
WHERE night = $night
GROUP BY stage, source, file, reason
ORDER BY fate DESC, record_count DESC, source, file, reason
LIMIT 40
