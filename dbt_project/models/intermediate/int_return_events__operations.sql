{# What the seller's own warehouse, returns tool and carrier say of a return's stages.
   A checkpoint that names only the order tells of its return where there is one. #}
with

event_links as (

    select * from {{ ref('int_return_links__warehouse_events') }}

),

events as (

    select
        *,
        {{ word_spelling('event_type') }} as event_word
    from {{ ref('stg_operations__return_events') }}

),

checkpoints as (

    select
        *,
        count(*) over (partition by checkpoint_key) as return_count
    from {{ ref('int_carrier_checkpoints__linked') }}

),

stages as (

    select * from {{ ref('event_stages') }}

),

steps as (

    select
        event_links.return_key,
        events.warehouse_event_key as evidence_key,
        events.agent_id,
        coalesce(stages.stage_code, 'other') as stage_code,
        'warehouse_events' as source_code,
        events.event_type as stated_event_name,
        events.actor_kind,
        event_links.matched_quantity as event_quantity,
        events.event_at,
        events.event_date

    from event_links

    inner join events
        on event_links.linked_key = events.warehouse_event_key

    left join stages
        on
            events.event_word = stages.stated_event_name
            and stages.source_code = 'warehouse_events'
            and events.event_date between stages.valid_from and stages.valid_to

)

select * from steps

union all

select
    return_key,
    checkpoint_key as evidence_key,
    cast(null as {{ dbt.type_string() }}) as agent_id,
    stage_code,
    'checkpoints' as source_code,
    stated_tag_name as stated_event_name,
    'system' as actor_kind,
    cast(null as bigint) as event_quantity,
    checkpoint_at as event_at,
    checkpoint_date as event_date
from checkpoints
where match_class = 'exact' or return_count = 1
