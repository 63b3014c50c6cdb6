with

deliveries as (

    select
        *,
        {{ surrogate_key([
            '_seller_id', 'stock_date', 'sku', 'warehouse_id', 'condition'
        ]) }} as row_key
    from {{ source('operations', 'stock') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries', restated=['quantity_on_hand', 'quantity_unprocessed']
    ) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key(['row_key', 'occurrence_number']) }} as stock_key,
        _seller_id as seller_id,
        sku,
        warehouse_id,
        occurrence_number,

        -- attributes
        folder_marketplace_code,
        condition as stated_condition_name,

        -- measures
        cast(quantity_on_hand as bigint) as on_hand_quantity,
        cast(quantity_unprocessed as bigint) as unprocessed_quantity,

        -- times: day at whose end the stock was counted
        cast(stock_date as date) as stock_date

    from newest

)

select * from typed
