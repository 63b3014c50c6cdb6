{# What causes are counted on. Sold goods: counted order lines of months whose orders
   and returns are covered. Returned goods, for what only a return tells (fulfilment
   centre, carrier): counted returns. `all` is every line or return, `any` every line
   that came back, else those that came back for a reason of the family. #}
with

order_lines as (

    select * from {{ ref('fct_order_lines') }}
    where is_counted

),

returns as (

    select
        *,
        coalesce(return_reason_family, 'unknown') as reason_family,
        {{ return_month() }} as month_start_date
    from {{ ref('fct_returns') }}
    where is_counted

),

versions as (

    select
        *,
        min(listing_version_name) over (partition by seller_id, sku)
        != max(listing_version_name) over (partition by seller_id, sku) as is_versioned
    from {{ ref('dim_product_versions') }}

),

units as (

    select
        'order_line' as unit_type,
        order_lines.order_line_key as unit_key,
        order_lines.seller_id,
        order_lines.marketplace_code,
        order_lines.channel,
        coalesce(order_lines.sku, 'unknown') as sku,
        order_lines.order_month_start_date as month_start_date,
        'unknown' as fulfillment_center_code,
        'unknown' as return_carrier_name,
        coalesce(
            own_versions.listing_version_name, all_versions.listing_version_name,
            'unknown'
        ) as listing_version_name
    from order_lines
    inner join {{ ref('dim_cohort_months') }} as covered_months
        on
            {{ equal_columns('order_lines', 'covered_months', [
                'seller_id', 'marketplace_code', 'channel', 'order_month_start_date'
            ]) }}
            and covered_months.has_order_coverage
            and covered_months.has_return_coverage
            and covered_months.has_matched_returns
    {% for name, code in [
        ('own_versions', 'order_lines.marketplace_code'), ('all_versions', "'default'")
    ] -%}
        left join versions as {{ name }}
            on
                {{ equal_columns('order_lines', name, ['seller_id', 'sku']) }}
                and {{ code }} = {{ name }}.marketplace_code
                and {{ name }}.is_versioned
                and order_lines.ordered_date_local
                between {{ name }}.valid_from_date and {{ name }}.valid_to_date
    {% endfor %}
    union all

    select
        'return' as unit_type,
        return_key as unit_key,
        seller_id,
        marketplace_code,
        channel,
        coalesce(sku, 'unknown') as sku,
        month_start_date,
        coalesce(fulfillment_center_code, 'unknown') as fulfillment_center_code,
        coalesce(return_carrier_name, 'unknown') as return_carrier_name,
        'unknown' as listing_version_name
    from returns
    where
        month_start_date is not null
        and coalesce(fulfillment_center_code, return_carrier_name) is not null

),

-- which of them come back, for what: a line that comes back twice for one reason once
families as (

    {% for key in ['order_line_key', 'return_key'] -%}
        select
            {{ key }} as unit_key,
            reason_family
        from returns
        union distinct
        select
            {{ key }} as unit_key,
            'any' as reason_family
        from returns
        union distinct
    {% endfor -%}
    select
        unit_key,
        'all' as reason_family
    from units

)

select
    -- keys
    units.seller_id,
    units.marketplace_code,
    units.channel,
    units.month_start_date,
    units.unit_type,
    units.sku,
    units.listing_version_name,
    units.fulfillment_center_code,
    units.return_carrier_name,
    families.reason_family as return_reason_family,

    -- attributes
    coalesce(max(products.category_name), 'unknown') as category_name,
    max(products.size_name) as size_name,
    max(products.colour_name) as colour_name,

    -- measures
    count(*) as unit_count

from units

inner join families
    on units.unit_key = families.unit_key

left join {{ ref('dim_products') }} as products
    on units.seller_id = products.seller_id and units.sku = products.sku

group by
    {{ qualified([
        'seller_id', 'marketplace_code', 'channel', 'month_start_date', 'unit_type',
        'sku', 'listing_version_name', 'fulfillment_center_code', 'return_carrier_name'
    ], 'units') }},
    families.reason_family
