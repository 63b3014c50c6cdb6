{# What each pitfall is judged by, case by case, with the row that proves it: those that
   count against the seller are the evidence, the others are what it is a share of. #}
with

rules as (

    select * from {{ ref('pitfalls') }}

),

-- an order whose refunds were all on time, as far as they were due
fast_orders as (

    select
        seller_id,
        amazon_order_id,
        min(sku) as sku
    from {{ ref('fct_refund_deadlines') }}
    where is_counted and is_due
    group by seller_id, amazon_order_id
    having
        min(
            case when deadline_status in ('on_time', 'before_receipt') then 1 else 0 end
        ) = 1

),

waits as (

    select * from {{ ref('fct_contact_waits') }}
    where is_return_linked and is_due_in_24_hours

),

units as (

    select * from {{ ref('fct_return_recoveries') }}
    where is_counted and forgone_amount is not null

),

returns as (

    select
        *,
        {{ return_month() }} as month_start_date
    from {{ ref('fct_returns') }}
    where is_counted and is_controllable

),

causes as (

    select * from {{ ref('fct_unanswered_causes') }}
    where has_action_log

),

events as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'event_date_local') }} as date)
            as month_start_date
    from {{ ref('fct_return_events') }}
    where is_counted and actor_kind in ('person', 'system')

),

cases as (

    select
        {{ pitfall_case('waits', 'segment_key', 'fast_refund_poor_communication') }},
        fast_orders.sku,
        'all' as stage_code,
        cast(null as decimal(18, 2)) as forgone_amount,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        not waits.is_within_24_hours as is_evidence
    from waits
    inner join fast_orders
        on
            waits.seller_id = fast_orders.seller_id
            and waits.amazon_order_id = fast_orders.amazon_order_id

    union all

    select
        {{ pitfall_case('units', 'unit_key', 'goods_below_recoverable_value') }},
        units.sku,
        'all' as stage_code,
        units.forgone_amount,
        units.currency_code,
        units.forgone_amount > rules.tolerated_share * units.list_price_amount
            as is_evidence
    from units
    inner join rules
        on
            rules.pitfall_code = 'goods_below_recoverable_value'
            and units.month_start_date between rules.valid_from and rules.valid_to

    union all

    select
        {{ pitfall_case('returns', 'return_key', 'cause_returns_unanalysed') }},
        returns.sku,
        'all' as stage_code,
        cast(null as decimal(18, 2)) as forgone_amount,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        causes.is_unanswered as is_evidence
    from returns
    inner join causes
        on
            returns.seller_id = causes.seller_id
            and returns.marketplace_code = causes.marketplace_code
            and returns.sku = causes.sku
            and returns.return_reason_family = causes.return_reason_family
            and returns.month_start_date = causes.month_start_date

    union all

    select
        {{ pitfall_case('events', 'return_event_key', 'manual_work_at_volume') }},
        events.sku,
        events.stage_code,
        cast(null as decimal(18, 2)) as forgone_amount,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        events.actor_kind = 'person' as is_evidence
    from events
    inner join rules
        on
            rules.pitfall_code = 'manual_work_at_volume'
            and events.stage_code = rules.stage_code
            and events.month_start_date between rules.valid_from and rules.valid_to

)

select
    {{ surrogate_key(['pitfall_code', 'evidence_key']) }} as pitfall_case_key,
    *
from cases
where month_start_date is not null
