with

deliveries as (

    select
        *,
        coalesce(reporting_from, reporting_to, _as_of) as period_start,
        -- a checklist of no stated time frame tells of the day it was made
        coalesce(reporting_to, reporting_from, _as_of) as period_end
    from {{ source('amazon_sp', 'performance_checklists') }}

),

keyed as (

    select
        *,
        -- the document names no marketplace: its folder keeps two of them apart
        {{ surrogate_key([
            '_seller_id', '_marketplace_code', 'block_name', 'block_number',
            'measure_name', 'time_frame_name', 'substring(period_start, 1, 10)',
            'substring(period_end, 1, 10)'
        ]) }} as row_key
    from deliveries

),

newest as (

    select *
    from {{ newest_rows('keyed', restated=['measure_value']) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key([
            "'checklist'", 'row_key', 'occurrence_number'
        ]) }} as account_health_key,
        _seller_id as seller_id,
        occurrence_number,

        -- attributes
        folder_marketplace_code,
        block_name,
        time_frame_name,
        measure_name,
        measure_value as measure_text,

        -- measures
        cast(block_number as bigint) as block_number,

        -- times: UTC
        cast(substring(period_start, 1, 10) as date) as reporting_start_date,
        cast(substring(period_end, 1, 10) as date) as reporting_end_date

    from newest

)

select * from typed
