with

deliveries as (

    select
        *,
        {{ surrogate_key([
            '_seller_id', 'tracking_id', 'checkpoint_at', 'checkpoint_tag',
            'checkpoint_subtag'
        ]) }} as row_key
    from {{ source('operations', 'carrier_checkpoints') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries', restated=['carrier', 'country_code', 'order_id', 'rma_id']
    ) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key(['row_key', 'occurrence_number']) }} as checkpoint_key,
        _seller_id as seller_id,
        tracking_id,
        order_id as amazon_order_id,
        rma_id,
        occurrence_number,

        -- attributes
        folder_marketplace_code,
        carrier as carrier_name,
        checkpoint_tag as stated_tag_name,
        checkpoint_subtag as stated_subtag_name,
        upper(country_code) as country_code,

        -- times
        {{ instant_columns('checkpoint_at', 'checkpoint') }}

    from newest

)

select * from typed
