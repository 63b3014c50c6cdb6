{# Whether a refund gave back what the returned units cost, and whether it was given
   twice. Goods are compared with goods: principal and tax, less restocking fees,
   against the order line's price of the refunded units. Where prices are stated without
   tax a small shortfall can hide behind the refunded tax; a larger one cannot. Above
   the price is only what exceeds it without tax: where prices are stated with tax some
   of that stays hidden, but nothing is called too much that is not. #}
with

refunded as (

    select * from {{ ref('fct_refunded_returns') }}
    where refund_count > 0

),

returns as (

    select * from {{ ref('fct_returns') }}

),

order_lines as (

    select * from {{ ref('fct_order_lines') }}

),

tolerances as (

    select * from {{ ref('score_parameters') }}
    where parameter_code = 'full_refund_tolerance'

),

-- units refunded again although each returned unit had its refund
doubled as (

    select
        seller_id,
        amazon_order_id,
        sku
    from {{ ref('fct_return_refund_matches') }}
    where match_class = 'refund_without_return' and match_reason = 'double'
    group by seller_id, amazon_order_id, sku

),

priced as (

    select
        refunded.return_key,
        refunded.currency_code,
        refunded.goods_refunded_amount,
        refunded.untaxed_refunded_amount,
        cast(case
            when refunded.currency_code = order_lines.currency_code
                then
                    refunded.refunded_quantity
                    * cast(order_lines.item_amount as double)
                    / nullif(order_lines.quantity, 0)
        end as decimal(18, 2)) as goods_price_amount,
        tolerances.parameter_value as tolerance,
        doubled.seller_id is not null as is_double_refunded

    from refunded

    inner join returns
        on refunded.return_key = returns.return_key

    inner join tolerances
        on
            refunded.first_refunded_date_local
            between tolerances.valid_from and tolerances.valid_to

    left join order_lines
        on returns.order_line_key = order_lines.order_line_key

    left join doubled
        on
            returns.seller_id = doubled.seller_id
            and returns.amazon_order_id = doubled.amazon_order_id
            and returns.sku = doubled.sku

)

select
    -- keys
    return_key,

    -- measures
    goods_refunded_amount,
    untaxed_refunded_amount,
    goods_price_amount,
    currency_code,

    -- flags
    coalesce(goods_price_amount > 0, false) as is_amount_checked,
    coalesce(
        goods_price_amount > 0
        and goods_refunded_amount < goods_price_amount * (1 - tolerance),
        false
    ) as is_partially_refunded,
    coalesce(
        goods_price_amount > 0
        and untaxed_refunded_amount > goods_price_amount * (1 + tolerance),
        false
    ) as is_refunded_above_price,
    is_double_refunded
from priced
