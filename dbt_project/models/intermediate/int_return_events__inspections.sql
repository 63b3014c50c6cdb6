{# What an inspection says of a return's stages: the receipt and the look at the units
   have times, where they were sent to has none. #}
{{ config(materialized='view') }}

with

inspection_links as (

    select * from {{ ref('int_return_links__inspections') }}

),

inspections as (

    select * from {{ ref('int_inspections__worded') }}

),

words as (

    select * from {{ ref('outcome_words') }}

),

known_stages as (

    select * from {{ ref('return_stages') }}

),

looks as (

    select
        inspection_links.return_key,
        inspection_links.matched_quantity,
        inspections.*,
        case when inspections.agent_id is null then 'unknown' else 'person' end
            as actor_kind,
        words.outcome_code

    from inspection_links

    inner join inspections
        on inspection_links.linked_key = inspections.inspection_key

    left join words
        on
            inspections.inspection_disposition_code = words.disposition_code
            and words.source_code = 'inspections'
            and coalesce(inspections.record_date, cast('9999-12-31' as date))
            between words.valid_from and words.valid_to

)

select
    return_key,
    inspection_key as evidence_key,
    agent_id,
    'inspected' as stage_code,
    'inspections' as source_code,
    inspection_disposition_code as stated_event_name,
    actor_kind,
    matched_quantity as event_quantity,
    inspected_at as event_at,
    inspected_date as event_date
from looks

union all

select
    return_key,
    inspection_key as evidence_key,
    cast(null as {{ dbt.type_string() }}) as agent_id,
    'received' as stage_code,
    'inspections' as source_code,
    cast(null as {{ dbt.type_string() }}) as stated_event_name,
    'unknown' as actor_kind,
    matched_quantity as event_quantity,
    received_at as event_at,
    received_date as event_date
from looks
where received_date is not null

union all

-- where the inspection sent the units; when they went there nobody says
select
    looks.return_key,
    looks.inspection_key as evidence_key,
    looks.agent_id,
    looks.outcome_code as stage_code,
    'inspections' as source_code,
    looks.inspection_disposition_code as stated_event_name,
    looks.actor_kind,
    looks.matched_quantity as event_quantity,
    cast(null as timestamp) as event_at,
    cast(null as date) as event_date
from looks
inner join known_stages
    on looks.outcome_code = known_stages.stage_code
