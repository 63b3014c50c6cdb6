{# A label's cost stands on every line of its tracking number, a claim's amount on every
   line of the claim. Each is one sum of money: it is shared out over the units of its
   lines once, by running totals, so that the cents of the shares add up. #}
with

returns as (

    select * from {{ ref('int_returns__located') }}

),

stated as (

    select
        return_key,
        'label' as cost_kind,
        case
            when tracking_id is not null
                then {{ surrogate_key([
                    'seller_id', 'amazon_order_id', 'tracking_id'
                ]) }}
            when amazon_rma_id is not null
                then {{ surrogate_key([
                    'seller_id', 'amazon_order_id', "'rma'", 'amazon_rma_id'
                ]) }}
            else return_key
        end as cost_key,
        label_cost_amount as stated_amount,
        returned_quantity
    from returns

    union all

    select
        return_key,
        'claim' as cost_kind,
        coalesce(
            case
                when safe_t_claim_id is not null
                    then {{ surrogate_key(['seller_id', 'safe_t_claim_id']) }}
            end,
            return_key
        ) as cost_key,
        claim_amount as stated_amount,
        returned_quantity
    from returns

),

weighted as (

    -- lines without units share alike
    select
        *,
        max(stated_amount) over (partition by cost_kind, cost_key) as amount,
        case
            when sum(returned_quantity) over (partition by cost_kind, cost_key) > 0
                then returned_quantity
            else 1
        end as weight
    from stated

),

running as (

    select
        *,
        sum(weight) over (
            partition by cost_kind, cost_key
            order by return_key nulls last
            rows between unbounded preceding and current row
        ) as weight_to_here,
        sum(weight) over (partition by cost_kind, cost_key) as weight_in_all
    from weighted

),

shared as (

    select
        return_key,
        cost_kind,
        cast(
            round(cast(amount as double) * weight_to_here / weight_in_all, 2)
            as decimal(18, 2)
        )
        - cast(
            round(cast(amount as double) * (weight_to_here - weight) / weight_in_all, 2)
            as decimal(18, 2)
        ) as share_amount
    from running

),

allocated as (

    select
        return_key,
        cast(sum(case when cost_kind = 'label' then share_amount end) as decimal(18, 2))
            as label_cost_amount,
        cast(sum(case when cost_kind = 'claim' then share_amount end) as decimal(18, 2))
            as claim_amount
    from shared
    group by return_key

)

select * from allocated
