{# How many units each refund is for, where it is known, and whether the row counts. #}
with

refunds as (

    select * from {{ ref('int_refunds__components') }}

),

unit_prices as (

    select * from {{ ref('int_refunds__unit_prices') }}

),

priced as (

    select
        refunds.*,
        unit_prices.order_line_key,
        {{ whole_units(
            'refunds.principal_amount', 'unit_prices.order_unit_price',
            'unit_prices.ordered_quantity', 'refunds.currency_code'
        ) }} as quantity_by_price,
        {{ whole_units(
            'refunds.principal_amount + refunds.tax_amount',
            'unit_prices.order_unit_price', 'unit_prices.ordered_quantity',
            'refunds.currency_code'
        ) }} as quantity_by_taxed_price,
        {{ whole_units(
            'refunds.principal_amount', 'unit_prices.settled_unit_price',
            'unit_prices.settled_quantity', 'refunds.currency_code'
        ) }} as quantity_by_settled_price
    from refunds
    left join unit_prices
        on
            refunds.seller_id = unit_prices.seller_id
            and refunds.amazon_order_id = unit_prices.amazon_order_id
            and refunds.sku = unit_prices.sku

),

measured as (

    select
        *,
        -- the settlement's own price is of the principal's kind; an order report may
        -- state prices with tax, and where both readings fit but differ (five gross are
        -- six net at 20 %) neither is taken
        case
            when quantity_by_settled_price is not null then quantity_by_settled_price
            when quantity_by_price != quantity_by_taxed_price then null
            else coalesce(quantity_by_price, quantity_by_taxed_price)
        end as derived_quantity,
        -- a row of the opposite sign takes a refund back; sales tax booked after the
        -- fact is no refund of goods
        case
            when refund_type = 'retrocharge' then 'tax_retrocharge'
            when refunded_amount < 0 then 'reversal'
            when principal_amount != 0 then null
            when refunded_amount = 0 and unknown_component_count > 0
                then 'unknown_components_only'
            when refunded_amount = 0 then 'no_money_to_buyer'
            when refunded_amount = tax_amount then 'tax_adjustment'
        end as not_counted_reason
    from priced

)

select
    refund_key,
    order_line_key,
    case
        when principal_amount = 0 then 0
        else coalesce(stated_quantity, derived_quantity)
    end as refunded_quantity,
    case
        when principal_amount = 0 then 'no_principal'
        when stated_quantity is not null then 'stated'
        when derived_quantity is null then 'unknown'
        when quantity_by_settled_price is not null then 'settlement_order_price'
        when quantity_by_price is not null then 'order_line_price'
        else 'order_line_price_with_tax'
    end as refunded_quantity_source,
    not_counted_reason,
    coalesce(stated_quantity != derived_quantity, false) as has_quantity_conflict,
    not_counted_reason is null as is_counted
from measured
