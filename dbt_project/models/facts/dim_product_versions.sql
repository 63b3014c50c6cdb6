{# A version holds until the next one of the same SKU and marketplace. Current is the
   one of the seller's data_as_of_date, so a price of next month is not today's. #}
with

products as (

    select
        *,
        coalesce(stated_marketplace_code, folder_marketplace_code, 'default')
            as marketplace_code
    from {{ ref('stg_operations__products') }}

),

sellers as (

    select * from {{ ref('int_sellers__data_as_of') }}

),

ranked as (

    -- a row that names its marketplace goes before one that its folder gave it
    select
        *,
        row_number() over (
            partition by seller_id, sku, marketplace_code, valid_from_date
            order by
                stated_marketplace_code asc nulls last,
                product_version_key asc nulls last
        ) as preference_number
    from products

),

followed as (

    select
        *,
        lead(valid_from_date) over (
            partition by seller_id, sku, marketplace_code
            order by valid_from_date asc nulls last
        ) as next_valid_from_date
    from ranked
    where preference_number = 1

),

dated as (

    select
        *,
        coalesce(
            cast({{ dbt.dateadd('day', -1, 'next_valid_from_date') }} as date),
            cast('9999-12-31' as date)
        ) as valid_to_date
    from followed

)

select
    -- keys
    dated.product_version_key,
    dated.seller_id,
    dated.marketplace_code,
    dated.sku,
    dated.asin,
    dated.fnsku,

    -- attributes
    dated.product_name,
    dated.brand_name,
    dated.category_name,
    dated.size_name,
    dated.colour_name,
    dated.listing_version_name,

    -- measures
    dated.unit_cost_amount,
    dated.list_price_amount,
    dated.currency_code,
    dated.unit_weight_grams,

    -- flags
    coalesce(
        sellers.data_as_of_date between dated.valid_from_date and dated.valid_to_date,
        dated.valid_to_date = cast('9999-12-31' as date)
    ) as is_current,

    -- times
    dated.valid_from_date,
    dated.valid_to_date

from dated

left join sellers
    on dated.seller_id = sellers.seller_id
