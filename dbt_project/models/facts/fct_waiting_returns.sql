{# Own returns that have come back and have no end, with what is known of them on the
   day the seller's data reaches. Amazon inspects fba returns itself: they are not here. #}
with

units as (

    select * from {{ ref('fct_return_outcomes') }}
    where is_counted and is_open and channel != 'fba' and return_key is not null

),

returns as (

    select * from {{ ref('fct_returns') }}
    where received_date is not null

),

progress as (

    select * from {{ ref('fct_return_progress') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

chances as (

    select * from {{ ref('fct_claim_chances') }}
    where evidence_code in ('inspection', 'return_label') and claim_status = 'open'

),

rules as (

    -- what an inspection may still find
    select * from {{ ref('dim_claim_rules') }}
    where evidence_code = 'inspection'

),

sellers as (

    select * from {{ ref('dim_sellers') }}

),

waiting as (

    select
        return_key,
        max(open_stage_code) as open_stage_code,
        min(currency_code) as currency_code,
        count(*) as waiting_quantity,
        count(cost_of_goods_amount) as cost_known_quantity,
        sum(cost_of_goods_amount) as goods_amount,
        sum(refunded_amount) as refunded_amount,
        max(refunded_date_local) as refunded_date_local
    from units
    group by return_key

),

found as (

    select
        return_key,
        sum(due_amount) as due_amount,
        min(deadline_date) as deadline_date
    from chances
    group by return_key

)

select
    -- keys
    returns.return_key,
    returns.seller_id,
    returns.marketplace_code,

    -- attributes
    returns.channel,
    returns.amazon_order_id,
    returns.amazon_rma_id,
    returns.sku,
    returns.asin,
    returns.return_reason_code,
    returns.return_reason_family,
    waiting.open_stage_code,
    coalesce(waiting.currency_code, 'unknown') as currency_code,

    -- measures
    waiting.waiting_quantity,
    waiting.cost_known_quantity,
    {{ dbt.datediff('returns.received_date', 'sellers.data_as_of_date', 'day') }}
        as waiting_days,
    cast(waiting.goods_amount as decimal(18, 2)) as goods_amount,
    -- what the buyer paid for them, where nothing was refunded yet
    cast(
        round(
            cast(order_lines.item_amount as double)
            * waiting.waiting_quantity / nullif(order_lines.quantity, 0), 2
        ) as decimal(18, 2)
    ) as price_amount,
    cast(waiting.refunded_amount as decimal(18, 2)) as refunded_amount,
    cast(found.due_amount as decimal(18, 2)) as claimable_amount,

    -- flags
    progress.refund_status = 'open' as is_refund_due,
    returns.safe_t_claim_id is not null as is_claimed,

    -- times
    returns.received_date,
    progress.refund_due_date,
    case
        when returns.safe_t_claim_id is not null or returns.has_a_to_z_claim then null
        when decisions.right_lost_reason = 'automated_refund' then null
        else coalesce(
            found.deadline_date,
            cast({{ dbt.dateadd(
                'day', 'rules.deadline_days', 'waiting.refunded_date_local'
            ) }} as date)
        )
    end as claim_deadline_date,
    sellers.data_as_of_date as queue_date

from waiting
inner join returns
    on waiting.return_key = returns.return_key
inner join progress
    on waiting.return_key = progress.return_key
inner join sellers
    on returns.seller_id = sellers.seller_id
left join {{ ref('fct_refund_decisions') }} as decisions
    on waiting.return_key = decisions.return_key
left join order_lines
    on returns.order_line_key = order_lines.order_line_key
left join found
    on waiting.return_key = found.return_key
left join rules
    on
        returns.marketplace_code = rules.marketplace_code
        and waiting.refunded_date_local between rules.valid_from and rules.valid_to
