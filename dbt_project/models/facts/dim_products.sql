{# The name and product code a SKU last went by, from orders and returns alike, and what
   the seller's product master now says of it. #}
with

order_lines as (

    select * from {{ ref('int_order_lines__located') }}

),

returns as (

    select * from {{ ref('int_returns__located') }}

),

versions as (

    select * from {{ ref('dim_product_versions') }}

),

-- the row for all marketplaces; where there is none, the newest of any
current_versions as (

    select
        *,
        row_number() over (
            partition by seller_id, sku
            order by
                case when is_current then 0 else 1 end asc nulls last,
                case when marketplace_code = 'default' then 0 else 1 end asc nulls last,
                valid_from_date desc nulls last,
                marketplace_code asc nulls last
        ) as preference_number
    from versions

),

sightings as (

    select
        seller_id,
        sku,
        asin,
        product_name,
        ordered_date_local as seen_date
    from order_lines

    union all

    select
        seller_id,
        sku,
        asin,
        product_name,
        coalesce(requested_date, received_date) as seen_date
    from returns

    union all

    -- a product nobody has bought yet: known, but never seen
    select
        seller_id,
        sku,
        asin,
        product_name,
        cast(null as date) as seen_date
    from current_versions
    where preference_number = 1

),

ranked as (

    select
        *,
        min(seen_date) over (partition by seller_id, sku) as first_seen_date,
        max(seen_date) over (partition by seller_id, sku) as last_seen_date,
        row_number() over (
            partition by seller_id, sku
            order by
                seen_date desc nulls last,
                product_name asc nulls last,
                asin asc nulls last
        ) as sighting_number
    from sightings

)

select
    -- keys
    {{ surrogate_key(['ranked.seller_id', 'ranked.sku']) }} as product_key,
    ranked.seller_id,
    ranked.sku,
    ranked.asin,

    -- attributes
    ranked.product_name,
    current_versions.brand_name,
    current_versions.category_name,
    current_versions.size_name,
    current_versions.colour_name,
    current_versions.listing_version_name,

    -- measures
    current_versions.unit_cost_amount,
    current_versions.list_price_amount,
    current_versions.currency_code,
    current_versions.unit_weight_grams,

    -- flags
    current_versions.sku is not null as is_in_product_master,

    -- times
    ranked.first_seen_date,
    ranked.last_seen_date

from ranked

left join current_versions
    on
        ranked.seller_id = current_versions.seller_id
        and ranked.sku = current_versions.sku
        and current_versions.preference_number = 1

where ranked.sighting_number = 1
