with

source as (

    select * from {{ source('amazon_sp', 'seller_performance') }}

),

numbered as (

    select
        *,
        row_number() over (
            partition by
                _seller_id,
                _file_key,
                marketplace_id,
                metric_name,
                fulfillment_type,
                reporting_from,
                reporting_to
            order by _line_number nulls last
        ) as occurrence_number
    from source

),

ranked as (

    select
        *,
        row_number() over (
            partition by
                _seller_id,
                marketplace_id,
                metric_name,
                fulfillment_type,
                reporting_from,
                reporting_to,
                occurrence_number
            order by
                _as_of desc nulls last,
                {{ present_count([
                    'metric_rate', 'defect_count', 'base_count', 'metric_status'
                ]) }} desc nulls last,
                _file_key desc nulls last
        ) as version_number
    from numbered

),

newest as (

    select
        -- keys
        {{ surrogate_key([
            '_seller_id', 'marketplace_id', 'metric_name', 'fulfillment_type',
            'reporting_from', 'reporting_to', 'occurrence_number'
        ]) }} as account_health_key,
        _seller_id as seller_id,
        marketplace_id,
        occurrence_number,

        -- attributes
        account_status,
        metric_name,
        fulfillment_type,
        metric_status,
        target_condition,

        -- measures
        cast(metric_rate as decimal(9, 6)) as metric_rate,
        cast(target_value as decimal(18, 6)) as target_value,
        cast(defect_count as bigint) as defect_count,
        cast(base_count as bigint) as base_count,

        -- times
        cast(reporting_from as date) as reporting_start_date,
        cast(reporting_to as date) as reporting_end_date

    from ranked

    where version_number = 1

)

select * from newest
