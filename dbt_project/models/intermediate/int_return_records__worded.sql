{# What records linked to returns say of the end of their units: each in our words, with
   the day and the number of units it is about. One that tells no end still has money. #}
{{ config(materialized='view') }}
with

reimbursements as (

    select * from {{ ref('int_reimbursements__reversed') }}

),

removals as (

    select * from {{ ref('int_removals__shipped') }}

),

order_lines as (

    select * from {{ ref('int_order_lines__located') }}

),

inspections as (

    select * from {{ ref('int_inspections__worded') }}

),

events as (

    select
        *,
        {{ word_spelling('event_type') }} as event_word
    from {{ ref('stg_operations__return_events') }}

),

words as (

    select * from {{ ref('outcome_words') }}

),

outcomes as (

    select * from {{ ref('return_outcomes') }}

),

records as (

    select
        'reimbursement' as linked_type,
        reimbursement_key as linked_key,
        'reimbursed' as outcome_code,
        cast(null as {{ dbt.type_string() }}) as grade_code,
        reimbursed_quantity as record_quantity,
        approved_date_local as outcome_date
    from reimbursements

    union all

    select
        'removal' as linked_type,
        removals.removal_key as linked_key,
        words.outcome_code,
        cast(null as {{ dbt.type_string() }}) as grade_code,
        removals.removed_quantity as record_quantity,
        coalesce(removals.last_shipped_date, removals.requested_date) as outcome_date
    from removals
    left join words
        on
            removals.removal_type = words.status_code
            and words.source_code = 'removals'
            -- what was asked for has not left yet
            and removals.removed_quantity > 0
            and removals.requested_date between words.valid_from and words.valid_to

    union all

    select
        'resale' as linked_type,
        order_line_key as linked_key,
        'resold' as outcome_code,
        cast(null as {{ dbt.type_string() }}) as grade_code,
        quantity as record_quantity,
        ordered_date_local as outcome_date
    from order_lines

    union all

    select
        'inspection' as linked_type,
        inspections.inspection_key as linked_key,
        words.outcome_code,
        inspections.grade_code,
        inspections.inspected_quantity as record_quantity,
        inspections.record_date as outcome_date
    from inspections
    left join words
        on
            inspections.inspection_disposition_code = words.disposition_code
            and words.source_code = 'inspections'
            and coalesce(inspections.record_date, cast('9999-12-31' as date))
            between words.valid_from and words.valid_to

    union all

    -- steps that are an end; the others are stages only
    select
        'warehouse_event' as linked_type,
        events.warehouse_event_key as linked_key,
        words.outcome_code,
        cast(null as {{ dbt.type_string() }}) as grade_code,
        events.event_quantity as record_quantity,
        events.event_date as outcome_date
    from events
    inner join words
        on
            events.event_word = words.status_code
            and words.source_code = 'warehouse_events'
            and events.event_date between words.valid_from and words.valid_to

)

select
    records.linked_type,
    records.linked_key,
    records.outcome_code,
    records.grade_code,
    cast(records.record_quantity as bigint) as record_quantity,
    records.outcome_date,
    outcomes.outcome_number
from records
left join outcomes
    on records.outcome_code = outcomes.outcome_code
