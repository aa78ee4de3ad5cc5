CREATE VIEW contacts AS
SELECT
    k.item_id,
    k.chain_id,
    k.contact_no,
    k.is_repeat,
    k.customer_key,
    c.source,
    c.source_kind,
    k.channel,
    k.created_at,
    c.week,
    k.demand,
    k.demand_probability,
    t.domain,
    t.cause,
    t.probability,
    t.evidence,
    t.quote,
    t.quote_item_id,
    t.owner,
    t.event_id,
    t.event_kind,
    t.said_domain,
    t.happened_domain,
    k.cost,
    c.text,
    c.sentiment,
    c.service_sentiment,
    c.experience_sentiment,
    c.duplicate_of/*segments*/
FROM core_contacts AS k
LEFT JOIN core_traces AS t ON t.item_id = k.item_id
LEFT JOIN current_items AS c ON c.item_id = k.item_id
