-- One row is a claim that can still be made.
select
    seller_id,
    marketplace_code,
    channel,
    claim_type,
    amazon_order_id,
    sku,
    due_amount,
    currency_code,
    deadline_date,
    left_days,
    'record' as scope_code,
    claim_key as subject_id
from fct_claims
where claim_status = 'open'
order by deadline_date, due_amount desc nulls last, claim_key
