with

costs as (

    select
        order_line_key,
        currency_code,
        count(*) as returned_units,
        cast(sum(greatest(own_cost_amount, 0)) as decimal(18, 2)) as spent,
        sum(case when is_open then 1 else 0 end) as open_units
    from {{ ref('fct_policy_units') }}
    group by order_line_key, currency_code

),

-- months whose returns are in; the order line is what chance draws
insured as (

    select
        order_lines.*,
        order_lines.quantity as units,
        coalesce(costs.spent, 0) as spent,
        coalesce(costs.returned_units, 0) as returned_units,
        coalesce(costs.open_units, 0) as open_units,
        case
            when levels.is_by_category = 0 then 'all'
            else lower(coalesce(products.category_name, 'unknown'))
        end as category_name

    from {{ ref('fct_order_lines') }} as order_lines

    inner join {{ ref('dim_cohort_months') }} as cohorts
        on
            order_lines.seller_id = cohorts.seller_id
            and order_lines.marketplace_code = cohorts.marketplace_code
            and order_lines.channel = cohorts.channel
            and order_lines.order_month_start_date = cohorts.order_month_start_date
            and order_lines.is_counted
            and order_lines.currency_code is not null
            and cohorts.is_mature
            and cohorts.has_order_coverage
            and cohorts.has_return_coverage
            and cohorts.has_matched_returns

    left join costs
        on
            order_lines.order_line_key = costs.order_line_key
            and order_lines.currency_code = costs.currency_code

    left join {{ ref('dim_products') }} as products
        on
            order_lines.seller_id = products.seller_id
            and order_lines.sku = products.sku

    cross join (values (0), (1)) as levels (is_by_category)

),

monthly as (

    select
        seller_id,
        marketplace_code,
        channel,
        order_month_start_date as month_start_date,
        category_name,
        currency_code,
        sum(units) as units,
        sum(returned_units) as returned_units,
        sum(open_units) as open_units,
        sum(spent) as spent,
        sum(item_amount) as price,
        sum(spent * spent) as squared_cost,
        sum(spent * units) as cost_by_units,
        sum(units * units) as squared_units
    from insured
    group by
        seller_id,
        marketplace_code,
        channel,
        order_month_start_date,
        category_name,
        currency_code

),

-- the ratio of two sums and its standard error, then what an insurer has to ask
rated as (

    select
        *,
        spent / units as unit_cost,
        1.959964 / units * sqrt(greatest(
            squared_cost - 2 * spent / units * cost_by_units
            + power(spent / units, 2) * squared_units, 0.0
        )) as distance
    from {{ trailing_sums(
        'monthly',
        ['marketplace_code', 'channel', 'category_name', 'currency_code'],
        [
            'units', 'returned_units', 'open_units', 'spent', 'price', 'squared_cost',
            'cost_by_units', 'squared_units',
        ],
        ['insured_extra_share', 'insurer_expense_share']
    ) }} as windows

),

priced as (

    select
        *,
        unit_cost * (1 + insured_extra_share) as fair,
        unit_cost * (1 + insured_extra_share) / (1 - insurer_expense_share) as premium,
        greatest(unit_cost - distance, 0.0) * (1 + insured_extra_share_low) as fair_low,
        (unit_cost + distance) * (1 + insured_extra_share_high) as fair_high
    from rated

)

select
    -- keys
    seller_id,
    marketplace_code,
    channel,
    month_start_date,
    category_name,
    currency_code,

    -- measures
    cast(units as bigint) as ordered_quantity,
    cast(returned_units as bigint) as returned_quantity,
    cast(open_units as bigint) as open_quantity,
    cast(spent as decimal(18, 2)) as return_cost_amount,
    cast(unit_cost as decimal(18, 4)) as unit_cost,
    cast(fair as decimal(18, 4)) as fair_premium,
    cast(fair_low as decimal(18, 4)) as fair_premium_low,
    cast(fair_high as decimal(18, 4)) as fair_premium_high,
    cast(premium as decimal(18, 4)) as premium,
    cast(premium * units / nullif(price, 0) as decimal(18, 6)) as premium_price_ratio,
    cast(spent - units * premium as decimal(18, 2)) as net_amount,
    cast(spent - units * fair_high / (1 - insurer_expense_share_high) as decimal(18, 2))
        as net_low_amount,
    cast(spent - units * fair_low / (1 - insurer_expense_share_low) as decimal(18, 2))
        as net_high_amount,

    -- flags
    is_current
from priced
