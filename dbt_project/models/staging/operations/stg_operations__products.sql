with

deliveries as (

    select
        *,
        {{ surrogate_key(['_seller_id', 'sku', 'marketplace_code', 'valid_from']) }}
            as row_key
    from {{ source('operations', 'products') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=[
            'asin', 'fnsku', 'product_title', 'brand', 'category', 'size', 'colour',
            'listing_version', 'unit_cost', 'list_price', 'unit_weight_grams'
        ]
    ) }}
    -- a product has one version a day, though a file may list it twice
    where occurrence_number = 1

),

typed as (

    select
        -- keys
        row_key as product_version_key,
        _seller_id as seller_id,
        marketplace_code as stated_marketplace_code,
        sku,
        asin,
        fnsku,

        -- attributes
        folder_marketplace_code,
        product_title as product_name,
        brand as brand_name,
        category as category_name,
        size as size_name,
        colour as colour_name,
        listing_version as listing_version_name,
        currency_code,

        -- measures
        cast(unit_cost as decimal(18, 2)) as unit_cost_amount,
        cast(list_price as decimal(18, 2)) as list_price_amount,
        cast(unit_weight_grams as decimal(18, 3)) as unit_weight_grams,

        -- times
        cast(valid_from as date) as valid_from_date

    from newest

)

select * from typed
