{# Each returned unit as the simulated policies see it: who bought it for how much, what
   the return cost the seller, what the goods brought back. #}
with

units as (

    select * from {{ ref('fct_return_recoveries') }}
    where is_counted and return_key is not null

),

returns as (

    select * from {{ ref('fct_returns') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

handling as (

    select * from {{ ref('handling_costs') }}

),

bands as (

    select * from {{ ref('value_bands') }}

),

joined as (

    select
        units.*,
        returns.order_line_key,
        returns.is_returnless,
        returns.requested_date is not null as is_requested,
        coalesce(returns.return_status = 'rejected', false) as is_refused,
        returns.has_stated_policy and not returns.is_in_policy as is_outside_policy,
        returns.attribution_verdict = 'contradicts'
        and returns.evidenced_fault_party = 'buyer' as is_misstated,
        coalesce(returns.attribution_verdict in ('agrees', 'contradicts'), false)
            as has_verdict,
        coalesce(order_lines.is_business_order, false) as is_business_order,
        lower(coalesce(products.category_name, 'unknown')) as category_name,
        outcomes.refunded_amount,
        cast(
            cast(order_lines.item_amount as double) / nullif(order_lines.quantity, 0)
            as decimal(18, 2)
        ) as unit_price_amount,
        units.label_cost_amount as own_label_amount,
        handling.handling_amount as handling_rate_amount

    from units
    inner join {{ ref('fct_return_outcomes') }} as outcomes
        on units.unit_key = outcomes.unit_key
    inner join returns
        on units.return_key = returns.return_key
    left join order_lines
        on returns.order_line_key = order_lines.order_line_key
    left join products
        on units.seller_id = products.seller_id and units.sku = products.sku
    left join handling
        on
            units.channel = handling.channel
            and handling.currency_code in (units.currency_code, 'any')
            and units.return_date between handling.valid_from and handling.valid_to

)

select
    -- keys
    joined.unit_key,
    joined.return_key,
    joined.order_line_key,
    joined.seller_id,
    joined.marketplace_code,

    -- attributes
    joined.channel,
    joined.sku,
    joined.category_name,
    joined.return_reason_family,
    coalesce(bands.value_band_code, 'unknown') as value_band_code,
    case when joined.is_business_order then 'business' else 'consumer' end
        as buyer_type,
    joined.currency_code,

    -- measures
    joined.unit_price_amount,
    joined.refunded_amount,
    joined.own_label_amount,
    joined.handling_cost_amount,
    joined.handling_rate_amount,
    joined.removal_fee_amount,
    joined.charged_fee_amount,
    joined.recovered_amount,
    joined.claim_amount,
    cast(
        coalesce(joined.own_label_amount, 0) + coalesce(joined.handling_cost_amount, 0)
        + coalesce(joined.charged_fee_amount, 0)
        + coalesce(joined.removal_fee_amount, 0)
        + coalesce(joined.write_off_amount, 0) - coalesce(joined.claim_amount, 0)
        as decimal(18, 2)
    ) as own_cost_amount,

    -- flags
    joined.is_open,
    joined.is_requested,
    joined.is_returnless,
    joined.is_refused,
    joined.is_outside_policy,
    joined.is_misstated,
    joined.is_refused or joined.is_outside_policy or joined.has_verdict as is_judged,
    joined.received_date is not null
    and not joined.is_open
    and not joined.is_returnless
    and joined.recovered_amount is not null
    and joined.refunded_amount is not null as is_returnless_candidate,

    -- times
    joined.month_start_date

from joined

left join bands
    on
        joined.currency_code = bands.currency_code
        and joined.unit_price_amount >= bands.lower_amount
        and joined.unit_price_amount < bands.upper_amount
        and joined.month_start_date between bands.valid_from and bands.valid_to
