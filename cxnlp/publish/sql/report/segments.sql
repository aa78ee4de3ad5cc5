-- Groups of customers that stand out: the whole interval of their negative share lies above that of all groups.
WITH compared AS (
    SELECT
        *,
        sum(negative_count) OVER same / sum(item_count) OVER same AS all_share,
        count(*) OVER () AS compared_count
    FROM mart_segment_stage
    WINDOW same AS (PARTITION BY segment, stage)
)
SELECT
    segment,
    value,
    stage,
    item_count,
    share,
    share_low,
    share_high,
    all_share,
    compared_count
FROM compared
WHERE share_low > all_share
ORDER BY share_low - all_share DESC, item_count DESC, segment, value, stage
LIMIT 8
