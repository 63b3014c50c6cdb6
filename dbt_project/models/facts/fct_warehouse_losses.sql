{# Units that Amazon's ledger calls damaged or misplaced in its warehouses, and what of
   them was paid or found again. Neither names the loss it answers: the oldest losses of
   a SKU are answered first. #}
{%- set kinds = [
    ('fba_damaged', 'DAMAGED_WAREHOUSE'),
    ('fba_lost', 'LOST_WAREHOUSE'),
] %}

with

days as (

    select * from {{ ref('fct_inventory_days') }}
    where place_type = 'amazon' and sku is not null

),

reimbursements as (

    select * from {{ ref('fct_reimbursements') }}
    where is_counted and not is_reversal

),

dispositions as (

    select * from {{ ref('dim_dispositions') }}
    where fault_party in ('amazon', 'carrier')

),

losses as (

    -- a movement has two sides: what one state loses, another has
    select
        'fba_damaged' as claim_type,
        days.inventory_day_key,
        days.seller_id,
        days.marketplace_code,
        days.sku,
        days.inventory_date,
        days.damaged_quantity as lost_quantity
    from days
    inner join dispositions
        on
            days.disposition_code = dispositions.disposition_code
            and days.inventory_date
            between dispositions.valid_from and dispositions.valid_to
    where days.damaged_quantity > 0

    union all

    select
        'fba_lost' as claim_type,
        inventory_day_key,
        seller_id,
        marketplace_code,
        sku,
        inventory_date,
        -misplaced_quantity as lost_quantity
    from days
    where misplaced_quantity < 0

),

answers as (

    {% for claim_type, reason in kinds %}
        select
            '{{ claim_type }}' as claim_type,
            seller_id,
            sku,
            coalesce(counted_quantity, 0) - coalesce(reversed_quantity, 0)
                as answered_quantity
        from reimbursements
        where reimbursement_reason_code = '{{ reason }}'

        union all

    {% endfor %}
    select
        'fba_lost' as claim_type,
        seller_id,
        sku,
        found_quantity as answered_quantity
    from days
    where found_quantity > 0

),

answered as (

    select
        claim_type,
        seller_id,
        sku,
        sum(answered_quantity) as answered_quantity
    from answers
    group by claim_type, seller_id, sku

),

running as (

    select
        *,
        sum(lost_quantity) over (
            partition by claim_type, seller_id, sku
            order by inventory_date asc nulls last, inventory_day_key asc nulls last
            rows between unbounded preceding and current row
        ) as lost_to_here
    from losses

)

select
    -- keys
    {{ surrogate_key(['running.claim_type', 'running.inventory_day_key']) }}
        as warehouse_loss_key,
    running.inventory_day_key,
    running.seller_id,
    running.marketplace_code,

    -- attributes
    running.sku,
    running.claim_type,

    -- measures
    cast(running.lost_quantity as bigint) as lost_quantity,
    cast(
        case
            when running.lost_to_here <= coalesce(answered.answered_quantity, 0) then 0
            when
                running.lost_to_here - running.lost_quantity
                >= coalesce(answered.answered_quantity, 0)
                then running.lost_quantity
            else running.lost_to_here - coalesce(answered.answered_quantity, 0)
        end as bigint
    ) as unanswered_quantity,

    -- times
    running.inventory_date as loss_date

from running

left join answered
    on
        running.claim_type = answered.claim_type
        and running.seller_id = answered.seller_id
        and running.sku = answered.sku
