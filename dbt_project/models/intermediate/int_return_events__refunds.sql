{# Refunds of a return's units as settlements book them. A refund before the receipt
   stays where it was: nothing is put into an order it did not have. #}
{{ config(materialized='view') }}
with

matches as (

    select * from {{ ref('int_return_refund_matches__unioned') }}
    where return_key is not null and refund_key is not null

),

refunds as (

    select * from {{ ref('int_refunds__located') }}

)

select
    -- keys
    matches.return_key,
    matches.refund_key as evidence_key,
    cast(null as {{ dbt.type_string() }}) as agent_id,

    -- attributes
    'refunded' as stage_code,
    'settlements' as source_code,
    refunds.refund_type as stated_event_name,
    'system' as actor_kind,

    -- measures
    matches.matched_quantity as event_quantity,

    -- times
    case
        when refunds.posted_precision = 'second' then refunds.posted_at
    end as event_at,
    refunds.posted_date_local as event_date

from matches

inner join refunds
    on matches.refund_key = refunds.refund_key
