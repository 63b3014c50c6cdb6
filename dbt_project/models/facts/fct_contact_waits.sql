{# Waits on the marketplace's clock. A deadline is judged once the helpdesk's data
   reaches beyond it, answered or not: counting the quick answers first would make the
   newest days look better than they will be. What nobody has answered is held against
   whoever has the ticket, else ignoring a buyer would look like no work at all. #}
with

waits as (

    select
        *,
        {{ minutes_between('first_buyer_message_at', 'observed_until_at') }}
            as observed_minutes,
        coalesce(response_minutes, open_minutes) as wait_minutes,
        max(case when is_open then 1 else 0 end) over (
            partition by seller_id, ticket_id
        ) = 1 as is_still_asked,
        max(replied_at) over (partition by seller_id, ticket_id) as last_replied_at
    from {{ ref('fct_conversation_segments') }}

),

tickets as (

    select * from {{ ref('stg_operations__tickets') }}

),

marketplaces as (

    select * from {{ ref('dim_marketplaces') }}

),

placed as (

    select
        waits.*,
        waits.segment_number = 1 as is_first_wait,
        -- where the marketplace is unknown the day is Greenwich's
        coalesce(marketplaces.time_zone_name, 'UTC') as zone_name,
        coalesce(waits.agent_id, tickets.agent_id, 'unknown') as responsible_agent_id,
        tickets.ticket_id is not null as has_ticket,
        case
            when tickets.solved_at >= waits.first_buyer_message_at
                then tickets.solved_at
        end as solved_at

    from waits

    inner join marketplaces
        on waits.marketplace_code = marketplaces.marketplace_code

    left join tickets
        on
            waits.seller_id = tickets.seller_id
            and waits.ticket_id = tickets.ticket_id

),

resolved as (

    select
        *,
        case
            when not is_first_wait or is_still_asked then null
            when solved_at is not null then 'stated'
            -- a helpdesk that lists its tickets would have said so
            when not has_ticket then 'last_answer'
        end as resolution_source,
        {{ to_local_date('first_buyer_message_at', 'zone_name') }}
            as asked_date_local
    from placed

),

ended as (

    select
        *,
        case resolution_source
            when 'stated' then solved_at
            when 'last_answer' then last_replied_at
        end as resolved_at
    from resolved

)

select
    -- keys
    segment_key,
    seller_id,
    marketplace_code,
    channel,
    amazon_order_id,
    ticket_id,
    responsible_agent_id as agent_id,

    -- attributes
    language_code,
    resolution_source,

    -- measures
    wait_minutes,
    case
        when is_first_wait then coalesce(
            {{ minutes_between('first_buyer_message_at', 'resolved_at') }},
            observed_minutes
        )
    end as resolution_minutes,
    {{ to_local_hour('first_buyer_message_at', 'zone_name') }} as asked_hour,
    {{ iso_weekday('asked_date_local') }} as asked_iso_weekday,

    -- flags
    not is_open as is_answered,
    is_first_wait,
    resolved_at is not null as is_resolved,
    buyer_message_count > 1 as has_repeated_question,
    has_automatic_reply,
    is_return_linked,
    {%- for hours in [24, 48] %}
        observed_minutes > {{ hours }} * 60 as is_due_in_{{ hours }}_hours,
        coalesce(response_minutes <= {{ hours }} * 60, false)
            as is_within_{{ hours }}_hours,
    {%- endfor %}

    -- times
    first_buyer_message_at as asked_at,
    replied_at,
    resolved_at,
    asked_date_local,
    cast({{ dbt.date_trunc('month', 'asked_date_local') }} as date) as month_start_date
from ended
