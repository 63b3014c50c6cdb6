with

deliveries as (

    select
        *,
        {{ surrogate_key([
            '_seller_id', 'replacement_amazon_order_id', 'original_amazon_order_id',
            'sku', 'shipment_date'
        ]) }} as row_key
    from {{ source('amazon_sp', 'fba_replacements') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=[
            'quantity', 'asin', 'fulfillment_center_id',
            'original_fulfillment_center_id', 'replacement_reason_code'
        ]
    ) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key([
            "'fba_replacement'", 'row_key', 'occurrence_number'
        ]) }} as replacement_key,
        _seller_id as seller_id,
        original_amazon_order_id as amazon_order_id,
        replacement_amazon_order_id,
        sku,
        asin,
        occurrence_number,

        -- attributes
        folder_marketplace_code,
        replacement_reason_code as stated_reason_code,
        fulfillment_center_id as fulfillment_center_code,
        original_fulfillment_center_id as original_fulfillment_center_code,

        -- measures
        cast(quantity as bigint) as replaced_quantity,

        -- times: UTC, an instant or only a day
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
