-- A label or claim whose shares do not add up to what was paid is money made or lost
-- by rounding, or counted once per line.
{{ config(meta={'dagster': {'ref': {'name': 'fct_returns'}}}) }}

with

returns as (

    select
        stated.*,
        facts.label_cost_amount as label_share_amount,
        facts.claim_amount as claim_share_amount
    from {{ ref('stg_amazon_sp__mfn_returns') }} as stated
    inner join {{ ref('fct_returns') }} as facts
        on stated.return_key = facts.return_key

),

labels as (

    select
        'label' as cost_kind,
        max(label_cost_amount) as paid_amount,
        sum(label_share_amount) as shared_amount
    from returns
    group by
        seller_id,
        amazon_order_id,
        tracking_id,
        case when tracking_id is null then amazon_rma_id end,
        case when tracking_id is null and amazon_rma_id is null then return_key end

),

claims as (

    select
        'claim' as cost_kind,
        max(claim_amount) as paid_amount,
        sum(claim_share_amount) as shared_amount
    from returns
    group by
        seller_id,
        safe_t_claim_id,
        case when safe_t_claim_id is null then return_key end

),

costs as (

    select * from labels

    union all

    select * from claims

)

select *
from costs
where coalesce(paid_amount, 0) != coalesce(shared_amount, 0)
