-- The run of the night.
SELECT
    run_id,
    flow,
    status,
    record_count,
    item_count,
    unchanged_count,
    dropped_count,
    quarantined_count,
    labelled_count,
    failed_sources,
    model,
    code_version
FROM runs
WHERE night = $night
ORDER BY started_at DESC
LIMIT 1
