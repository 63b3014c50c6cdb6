{# Parcels in the order in which waiting costs most. The largest part says why a parcel
   stands where it stands; where no part is worth anything, the oldest comes first. #}
with

waiting as (

    select * from {{ ref('fct_waiting_returns') }}

),

risks as (

    select
        *,
        cast(
            decay_risk_amount + claim_risk_amount + refund_risk_amount
            as decimal(18, 2)
        ) as priority_amount
    from {{ ref('fct_waiting_risks') }}

)

select
    -- keys
    waiting.return_key,
    waiting.queue_date,
    waiting.seller_id,
    waiting.marketplace_code,

    -- attributes
    waiting.channel,
    waiting.amazon_order_id,
    waiting.amazon_rma_id,
    waiting.sku,
    waiting.asin,
    waiting.return_reason_code,
    waiting.return_reason_family,
    case
        when waiting.open_stage_code = 'inspected' then 'decide'
        else 'inspect'
    end as next_step_code,
    case
        when risks.priority_amount = 0 then 'age'
        when
            risks.claim_risk_amount >= risks.refund_risk_amount
            and risks.claim_risk_amount >= risks.decay_risk_amount
            then 'claim_window'
        when risks.refund_risk_amount >= risks.decay_risk_amount then 'refund_deadline'
        else 'resale_decay'
    end as priority_reason_code,
    waiting.currency_code,

    -- measures
    cast(row_number() over (
        partition by waiting.seller_id, waiting.marketplace_code, waiting.currency_code
        order by
            risks.priority_amount desc nulls last,
            waiting.received_date asc nulls last,
            waiting.return_key asc nulls last
    ) as bigint) as queue_rank,
    waiting.waiting_quantity,
    waiting.cost_known_quantity,
    cast(waiting.waiting_days as integer) as waiting_days,
    waiting.goods_amount,
    waiting.refunded_amount,
    waiting.claimable_amount,
    risks.claimable_share,
    risks.decay_risk_amount,
    risks.claim_risk_amount,
    risks.refund_risk_amount,
    risks.priority_amount,

    -- flags
    waiting.is_refund_due,
    waiting.is_claimed,
    risks.is_risk_known,

    -- times
    waiting.received_date,
    case when waiting.is_refund_due then waiting.refund_due_date end as refund_due_date,
    case
        when waiting.claim_deadline_date >= waiting.queue_date
            then waiting.claim_deadline_date
    end as claim_deadline_date
from waiting
inner join risks
    on waiting.return_key = risks.return_key
