with

deliveries as (

    select
        *,
        {{ surrogate_key([
            '_seller_id', 'order_id', 'sku', 'fnsku', 'disposition'
        ]) }} as row_key
    from {{ source('amazon_sp', 'removal_orders') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=[
            'order_source', 'order_status', 'cancelled_quantity',
            'disposed_quantity', 'shipped_quantity', 'in_process_quantity',
            'removal_fee', 'currency'
        ],
        updated='last_updated_date'
    ) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key([
            "'removal'", 'row_key', 'occurrence_number'
        ]) }} as removal_key,
        _seller_id as seller_id,
        order_id as removal_order_id,
        sku,
        fnsku,
        occurrence_number,

        -- attributes
        folder_marketplace_code,
        order_type as stated_type_name,
        order_source as stated_source_name,
        service_speed as stated_speed_name,
        order_status as stated_status_name,
        disposition as stated_disposition_name,
        currency as currency_code,

        -- measures: a blank count is unknown, not zero
        cast(requested_quantity as bigint) as requested_quantity,
        cast(cancelled_quantity as bigint) as cancelled_quantity,
        cast(disposed_quantity as bigint) as disposed_quantity,
        cast(shipped_quantity as bigint) as shipped_quantity,
        cast(in_process_quantity as bigint) as in_process_quantity,
        cast(removal_fee as decimal(18, 2)) as fee_amount,

        -- times: UTC, an instant or only a day
        case
            when length(request_date) > 10 then cast(request_date as timestamp)
        end as requested_at,
        case
            when length(request_date) > 10 then 'second'
            else 'day'
        end as requested_precision,
        cast(substring(request_date, 1, 10) as date) as requested_date,
        case
            when length(last_updated_date) > 10
                then cast(last_updated_date as timestamp)
        end as last_updated_at,
        cast(substring(last_updated_date, 1, 10) as date) as last_updated_date

    from newest

)

select * from typed
