{# Each stage a return went through, however often: where it stands among the return's
   events, and whether it was gone through again for the same units. That is an event
   whose units go beyond the return's, or a record of the warehouse no unit is left for.
   Scans on the way tell their units again each time and are no second time. #}
with

returns as (

    select * from {{ ref('fct_returns') }}

),

events as (

    select
        events.*,
        sum(events.quantity) over (
            partition by events.return_key, events.stage_code
            order by events.event_number nulls last, events.return_event_key nulls last
            rows between unbounded preceding and current row
        ) as told_quantity
    from {{ ref('fct_return_events') }} as events

),

records as (

    select
        *,
        {{ word_spelling('lane_code') }} as lane_word
    from {{ ref('int_warehouse_records__matched') }}
    where matched_quantity = 0 and return_key is not null

),

words as (

    select * from {{ ref('event_stages') }}
    where source_code = 'warehouse_events'

),

repeats as (

    select
        records.return_key,
        case
            when records.record_type = 'inspection' then 'inspected'
            else words.stage_code
        end as stage_code,
        count(*) as repeat_count,
        min(records.record_key) as repeat_evidence_key
    from records
    left join words
        on records.lane_word = words.stated_event_name
    group by
        records.return_key,
        case
            when records.record_type = 'inspection' then 'inspected'
            else words.stage_code
        end

),

steps as (

    select
        events.return_key,
        events.stage_code,
        count(*) as event_count,
        count(case when events.actor_kind != 'unknown' then 1 end) as known_actor_count,
        min(events.event_number) as first_event_number,
        max(events.event_number) as last_event_number,
        min(
            case
                when
                    events.told_quantity > returns.returned_quantity
                    and events.stage_code not in ('in_transit', 'other')
                    then events.event_number
            end
        ) as beyond_event_number,
        min(case when events.actor_kind = 'system' then events.event_number end)
            as system_event_number,
        min(events.event_date_local) as first_event_date,
        max(events.event_date_local) as last_event_date
    from events
    inner join returns
        on events.return_key = returns.return_key
    group by events.return_key, events.stage_code

)

select
    -- keys
    steps.return_key,
    returns.seller_id,
    returns.marketplace_code,
    steps.stage_code,
    repeats.repeat_evidence_key,

    -- attributes
    returns.channel,
    returns.amazon_order_id,
    returns.sku,

    -- measures
    steps.event_count,
    steps.known_actor_count,
    coalesce(repeats.repeat_count, 0) as repeat_count,
    steps.first_event_number,
    steps.last_event_number,
    -- of a record without units only the step it repeats is among the events
    coalesce(
        steps.beyond_event_number,
        case when repeats.repeat_count > 0 then steps.last_event_number end
    ) as again_event_number,
    steps.system_event_number,

    -- times
    steps.first_event_date,
    steps.last_event_date

from steps

inner join returns
    on steps.return_key = returns.return_key

left join repeats
    on
        steps.return_key = repeats.return_key
        and steps.stage_code = repeats.stage_code
