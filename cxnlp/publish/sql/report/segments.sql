-- Groups of customers whose share of negative mentions of a stage is surely high: ordered by the interval's lower end.
SELECT segment, value, stage, item_count, negative_count, sentiment_mean, share, share_low, share_high
FROM mart_segment_stage
ORDER BY share_low DESC, item_count DESC, segment, value, stage
LIMIT 8
