{{ config(materialized='view') }}

{% set columns = [
    'return_key', 'evidence_key', 'agent_id', 'stage_code', 'source_code',
    'stated_event_name', 'actor_kind', 'event_quantity', 'event_at', 'event_date',
] %}

with

returns as (

    select * from {{ ref('int_return_events__returns') }}

),

requests as (

    select * from {{ ref('int_return_events__requests') }}

),

refunds as (

    select * from {{ ref('int_return_events__refunds') }}

),

finances as (

    select * from {{ ref('int_return_events__finances') }}

),

amazon_records as (

    select * from {{ ref('int_return_events__amazon_records') }}

),

claims as (

    select * from {{ ref('int_return_events__claims') }}

),

inspections as (

    select * from {{ ref('int_return_events__inspections') }}

),

operations as (

    select * from {{ ref('int_return_events__operations') }}

)

{% for source in [
    'returns', 'requests', 'refunds', 'finances', 'claims', 'amazon_records',
    'inspections', 'operations',
] %}
    select
        {{ columns | join(', ') }}
    from {{ source }}
    {{ 'union all' if not loop.last }}
{% endfor %}
