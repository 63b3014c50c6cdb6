{# The name and product code a SKU last went by, from orders and returns alike. #}
with

order_lines as (

    select * from {{ ref('int_order_lines__located') }}

),

returns as (

    select * from {{ ref('int_returns__located') }}

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

),

latest as (

    select
        {{ surrogate_key(['seller_id', 'sku']) }} as product_key,
        seller_id,
        sku,
        asin,
        product_name,
        first_seen_date,
        last_seen_date
    from ranked
    where sighting_number = 1

)

select * from latest
