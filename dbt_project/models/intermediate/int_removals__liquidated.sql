{# What the liquidation of a removal order brought, fee taken off, shared over the units
   of its lines. Amazon tells it as one event of the order, or by parcel; where it does
   both, the order's event counts. #}
{{ config(materialized='view') }}

with

events as (

    select
        *,
        lower(event_list_name) as event_word,
        -- an amount that is an event's only one has no name
        lower(coalesce(component_name, 'LiquidationProceedsAmount'))
            as component_word
    from {{ ref('stg_amazon_sp__finances_events') }}

),

removals as (

    select * from {{ ref('int_removals__shipped') }}
    where removal_type = 'liquidation' and removed_quantity > 0

),

brought as (

    select
        seller_id,
        amazon_order_id as removal_order_id,
        currency_code,
        event_word,
        sum(
            case
                when component_word in ('liquidationproceedsamount', 'revenue')
                    then amount
                when component_word in ('liquidationfeeamount', 'feeamount')
                    then -abs(amount)
            end
        ) as amount
    from events
    where event_word in ('fbaliquidationeventlist', 'removalshipmenteventlist')
    group by seller_id, amazon_order_id, currency_code, event_word

),

chosen as (

    -- in the order of the alphabet the order's own event comes first
    select
        *,
        row_number() over (
            partition by seller_id, removal_order_id, currency_code
            order by event_word nulls last
        ) as choice_number
    from brought
    where amount is not null

),

running as (

    select
        *,
        sum(removed_quantity) over (
            partition by seller_id, removal_order_id
            order by removal_key nulls last
            rows between unbounded preceding and current row
        ) as removed_to_here,
        sum(removed_quantity) over (
            partition by seller_id, removal_order_id
        ) as removed_in_all
    from removals

)

select
    running.removal_key,
    chosen.currency_code,
    cast(
        cast(
            round(
                cast(chosen.amount as double)
                * running.removed_to_here / running.removed_in_all, 2
            ) as decimal(18, 2)
        )
        - cast(
            round(
                cast(chosen.amount as double)
                * (running.removed_to_here - running.removed_quantity)
                / running.removed_in_all, 2
            ) as decimal(18, 2)
        ) as decimal(18, 2)
    ) as liquidation_amount
from running
inner join chosen
    on
        running.seller_id = chosen.seller_id
        and running.removal_order_id = chosen.removal_order_id
        and chosen.choice_number = 1
