{# What a movement of the inventory ledger is: an adjustment tells by its reason, where
   a seed knows it, all others by their event type. #}
{{ config(materialized='view') }}

with

events as (

    select
        *,
        {{ bare_word('stated_event_name') }} as event_word
    from {{ ref('stg_amazon_sp__inventory_ledger') }}

),

kinds as (

    select * from {{ ref('ledger_movements') }}

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

)

select
    events.ledger_event_key,
    events.seller_id,
    coalesce(
        marketplaces.marketplace_code, events.folder_marketplace_code, 'unknown'
    ) as marketplace_code,
    events.country_code,
    marketplaces.currency_code as country_currency_code,
    events.sku,
    events.fnsku,
    events.reference_id,
    events.disposition_code,
    events.stated_event_name,
    coalesce(
        adjustment_kinds.movement_type, event_kinds.movement_type, 'other'
    ) as movement_type,
    events.moved_quantity,
    events.unreconciled_quantity,
    events.event_date
from events

left join kinds as adjustment_kinds
    on
        events.event_word = adjustment_kinds.event_word
        and events.stated_reason_code = adjustment_kinds.adjustment_reason_code
        and events.event_date
        between adjustment_kinds.valid_from and adjustment_kinds.valid_to

left join kinds as event_kinds
    on
        event_kinds.adjustment_reason_code = 'any'
        and events.event_word = event_kinds.event_word
        and events.event_date between event_kinds.valid_from and event_kinds.valid_to

left join marketplaces
    on events.country_code = marketplaces.country_code
