-- How each figure's interval was made, as it stands beside the figure.
SELECT 'journey map' AS figures, method FROM mart_stage_touchpoint
UNION
SELECT 'weekly shares', method FROM mart_source_week
UNION
SELECT 'segments', method FROM mart_segment_stage
UNION
SELECT 'ledger', method FROM mart_ledger_week
UNION
SELECT 'what changed', method FROM mart_change
ORDER BY figures, method
