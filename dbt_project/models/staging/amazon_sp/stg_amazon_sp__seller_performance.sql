with

deliveries as (

    select
        *,
        {{ surrogate_key([
            '_seller_id',
            'marketplace_id',
            'metric_name',
            'fulfillment_type',
            'reporting_from',
            'reporting_to'
        ]) }} as row_key
    from {{ source('amazon_sp', 'seller_performance') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=['metric_rate', 'defect_count', 'base_count', 'metric_status']
    ) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key(['row_key', 'occurrence_number']) }} as account_health_key,
        _seller_id as seller_id,
        marketplace_id,

        -- attributes
        folder_marketplace_code,
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

    from newest

)

select * from typed
