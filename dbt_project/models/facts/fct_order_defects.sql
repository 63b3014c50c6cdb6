{# What Amazon counts against an order: bad feedback, a claim that was not denied, a
   chargeback. A claim is known to be granted when a settlement takes its money; one that
   only the return report marks may still be denied, so it is shown and not counted. #}
with

lines as (

    select * from {{ ref('fct_order_lines') }}

),

feedback as (

    select
        seller_id,
        amazon_order_id
    from {{ ref('fct_feedback') }}
    where is_counted and feedback_class = 'negative' and amazon_order_id is not null
    group by seller_id, amazon_order_id

),

charged as (

    select
        seller_id,
        amazon_order_id,
        max(case when refund_type = 'a_to_z' then 1 else 0 end) = 1 as has_claim,
        max(case when refund_type = 'chargeback' then 1 else 0 end) = 1
            as has_chargeback
    from {{ ref('fct_refunds') }}
    where refund_type in ('a_to_z', 'chargeback')
    group by seller_id, amazon_order_id

),

marked as (

    select
        seller_id,
        amazon_order_id
    from {{ ref('fct_returns') }}
    where has_a_to_z_claim
    group by seller_id, amazon_order_id

),

orders as (

    select
        seller_id,
        amazon_order_id,
        -- an order has one marketplace, one channel and one day
        min(marketplace_code) as marketplace_code,
        min(channel) as channel,
        min(ordered_date_local) as ordered_date_local,
        min(case when is_multi_channel then 1 else 0 end) = 1 as is_multi_channel,
        min(case when is_cancelled then 1 else 0 end) = 1 as is_cancelled
    from lines
    where amazon_order_id is not null
    group by seller_id, amazon_order_id

),

joined as (

    select
        orders.*,
        feedback.amazon_order_id is not null as has_negative_feedback,
        coalesce(charged.has_claim, false) as has_granted_claim,
        marked.amazon_order_id is not null
        and not coalesce(charged.has_claim, false) as has_undecided_claim,
        coalesce(charged.has_chargeback, false) as has_chargeback

    from orders

    left join feedback
        on
            orders.seller_id = feedback.seller_id
            and orders.amazon_order_id = feedback.amazon_order_id

    left join charged
        on
            orders.seller_id = charged.seller_id
            and orders.amazon_order_id = charged.amazon_order_id

    left join marked
        on
            orders.seller_id = marked.seller_id
            and orders.amazon_order_id = marked.amazon_order_id

)

select
    -- keys
    {{ surrogate_key(['seller_id', 'amazon_order_id']) }} as order_key,
    seller_id,
    marketplace_code,
    channel,
    amazon_order_id,

    -- attributes
    case
        when is_multi_channel then 'multi_channel'
        when ordered_date_local is null then 'no_order_date'
    end as not_counted_reason,

    -- flags: Amazon counts a cancelled order as an order
    not is_multi_channel and ordered_date_local is not null as is_counted,
    is_cancelled,
    has_negative_feedback,
    has_granted_claim,
    has_undecided_claim,
    has_chargeback,
    has_negative_feedback or has_granted_claim or has_chargeback as is_defective,

    -- times
    ordered_date_local,
    cast({{ dbt.date_trunc('month', 'ordered_date_local') }} as date)
        as month_start_date
from joined
