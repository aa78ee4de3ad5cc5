-- Score interval of Wilson (1927), JASA 22(158):209-212, 95 %; null where there are no trials.
CREATE MACRO wilson_low(hits, trials) AS CASE WHEN trials > 0 THEN greatest(0, (
    hits + 1.920729410347062 - 1.959963984540054 * sqrt(hits * (trials - hits) / trials + 0.960364705173531)
) / (trials + 3.841458820694124)) END;
CREATE MACRO wilson_high(hits, trials) AS CASE WHEN trials > 0 THEN least(1, (
    hits + 1.920729410347062 + 1.959963984540054 * sqrt(hits * (trials - hits) / trials + 0.960364705173531)
) / (trials + 3.841458820694124)) END;
