{# What the reports of requests that know seconds say of a return's stages: XML of the
   request, the External Fulfillment API of every state it was seen in. Creation, pickup
   and delivery have times of their own there, which the change of state only follows. #}
with

items as (

    select * from {{ ref('int_return_items__matched') }}
    where is_partner

),

xml_returns as (

    select * from {{ ref('stg_amazon_sp__xml_returns') }}

),

states as (

    select
        *,
        lower(stated_status_name) as status_word,
        max(created_at) over (partition by return_key) as newest_created_at,
        max(picked_up_at) over (partition by return_key) as newest_picked_up_at,
        max(delivered_at) over (partition by return_key) as newest_delivered_at
    from {{ ref('stg_amazon_sp__external_returns') }}

),

words as (

    select * from {{ ref('event_stages') }}
    where source_code = 'external_returns'

),

staged as (

    select
        states.*,
        coalesce(words.stage_code, 'other') as stage_code
    from states
    left join words
        on
            states.status_word = words.stated_event_name
            and states.last_updated_date between words.valid_from and words.valid_to

),

told as (

    select
        return_key as item_key,
        return_key as evidence_key,
        'requested' as stage_code,
        cast(null as {{ dbt.type_string() }}) as stated_event_name,
        returned_quantity as event_quantity,
        requested_at as event_at,
        requested_date as event_date
    from xml_returns

    union all

    select
        return_key as item_key,
        return_state_key as evidence_key,
        stage_code,
        stated_status_name as stated_event_name,
        returned_quantity as event_quantity,
        last_updated_at as event_at,
        last_updated_date as event_date
    from staged
    where
        (stage_code != 'requested' or newest_created_at is null)
        and (stage_code != 'received' or newest_delivered_at is null)
        and (status_word != 'picked_from_customer' or newest_picked_up_at is null)
        -- one state tells a stage once: the pickup has the better time
        and (
            stage_code != 'in_transit' or not is_newest or newest_picked_up_at is null
        )

    {% for stage_code, name in [
        ('requested', 'created'), ('in_transit', 'picked_up'), ('received', 'delivered'),
    ] %}
        union all

        select
            return_key as item_key,
            return_state_key as evidence_key,
            '{{ stage_code }}' as stage_code,
            '{{ name }}' as stated_event_name,
            returned_quantity as event_quantity,
            newest_{{ name }}_at as event_at,
            cast(newest_{{ name }}_at as date) as event_date
        from staged
        where is_newest and newest_{{ name }}_at is not null
    {% endfor %}

)

select
    -- keys
    items.return_key,
    told.evidence_key,
    cast(null as {{ dbt.type_string() }}) as agent_id,

    -- attributes
    told.stage_code,
    items.source_code,
    told.stated_event_name,
    'unknown' as actor_kind,

    -- measures
    told.event_quantity,

    -- times
    told.event_at,
    told.event_date

from told

inner join items
    on told.item_key = items.item_key
