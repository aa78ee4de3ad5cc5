CREATE VIEW quarantine_summary AS
SELECT
    source,
    file,
    reason,
    count(*) AS record_count,
    min_by(position, (length(position), position)) AS first_position,
    min_by(detail, (length(position), position)) AS detail,
    min(night) AS first_night,
    max(night) AS last_night
FROM quarantine
GROUP BY ALL
ORDER BY record_count DESC, source, file, reason
