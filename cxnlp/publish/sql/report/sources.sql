-- What each source gave in the night, and all it has given.
WITH sources AS (
    SELECT source FROM core_feedback
    UNION
    SELECT source FROM core_dropped
    UNION
    SELECT source FROM quarantine
)
SELECT
    source,
    (SELECT count(*) FROM core_feedback AS f WHERE f.source = s.source AND f.night = $night) AS new_count,
    (SELECT count(*) FROM core_dropped AS d
        WHERE d.source = s.source AND d.night = $night AND d.stage = 'clean') AS dropped_count,
    (SELECT count(*) FROM quarantine AS q WHERE q.source = s.source AND q.night = $night) AS quarantined_count,
    (SELECT count(*) FROM core_feedback AS f WHERE f.source = s.source) AS item_count
FROM sources AS s
ORDER BY source
