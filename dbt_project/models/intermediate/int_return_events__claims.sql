{# SAFE-T reimbursements as the Finances API books them: the returns report only has the
   state of a claim, no time. A claim is of every return that names it. #}
{{ config(materialized='view') }}

with

events as (

    select * from {{ ref('stg_amazon_sp__finances_events') }}
    where
        lower(event_list_name) = 'safetreimbursementeventlist'
        and safe_t_claim_id is not null

),

returns as (

    select * from {{ ref('int_returns__classified') }}

),

-- one booking has an amount, or one of each of its parts
bookings as (

    select
        seller_id,
        safe_t_claim_id,
        posted_at,
        posted_date,
        min(finances_event_key) as evidence_key,
        max(stated_reason_code) as stated_event_name
    from events
    group by seller_id, safe_t_claim_id, posted_at, posted_date
    having sum(amount) > 0

)

select
    -- keys
    returns.return_key,
    bookings.evidence_key,
    cast(null as {{ dbt.type_string() }}) as agent_id,

    -- attributes
    'reimbursed' as stage_code,
    'finances' as source_code,
    bookings.stated_event_name,
    'system' as actor_kind,

    -- measures
    cast(null as bigint) as event_quantity,

    -- times
    bookings.posted_at as event_at,
    bookings.posted_date as event_date

from bookings

inner join returns
    on
        bookings.seller_id = returns.seller_id
        and bookings.safe_t_claim_id = returns.safe_t_claim_id
