with

deliveries as (

    select
        *,
        {{ surrogate_key([
            '_seller_id', 'order_id', 'shipment_date', 'sku', 'fnsku',
            'disposition', 'tracking_number'
        ]) }} as row_key
    from {{ source('amazon_sp', 'removal_shipments') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries', restated=['shipped_quantity', 'carrier', 'removal_order_type']
    ) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key([
            "'removal_shipment'", 'row_key', 'occurrence_number'
        ]) }} as removal_shipment_key,
        _seller_id as seller_id,
        order_id as removal_order_id,
        sku,
        fnsku,
        tracking_number as tracking_id,
        occurrence_number,

        -- attributes
        folder_marketplace_code,
        removal_order_type as stated_type_name,
        disposition as stated_disposition_name,
        carrier as carrier_name,

        -- measures
        cast(shipped_quantity as bigint) as shipped_quantity,

        -- times: UTC, an instant or only a day
        cast(substring(request_date, 1, 10) as date) as requested_date,
        case
            when length(request_date) > 10 then cast(request_date as timestamp)
        end as requested_at,
        case
            when length(shipment_date) > 10 then cast(shipment_date as timestamp)
        end as shipped_at,
        case
            when length(shipment_date) > 10 then 'second'
            else 'day'
        end as shipped_precision,
        cast(substring(shipment_date, 1, 10) as date) as shipped_date

    from newest

)

select * from typed
