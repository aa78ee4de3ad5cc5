-- The journey map: what customers mention at each stage, and how they feel about it.
SELECT stage, touchpoint, mention_count, item_count, sentiment_mean, share, share_low, share_high
FROM mart_stage_touchpoint
ORDER BY mention_count DESC, stage, touchpoint
