{# What the refunds of a return add up to. A refund that no returned unit is left for (a
   second one, or one of more units than came back) stands with the first return of its
   order and SKU, so that each of its cents stands with one return. #}
with

returns as (

    select
        *,
        row_number() over (
            partition by seller_id, amazon_order_id, sku
            order by
                coalesce(requested_date, received_date) asc nulls last,
                return_key asc nulls last
        ) as item_return_number
    from {{ ref('fct_returns') }}

),

refunds as (

    select * from {{ ref('fct_refunds') }}

),

matches as (

    select
        *,
        match_reason in ('double', 'more_units_than_returned') as is_extra
    from {{ ref('fct_return_refund_matches') }}
    where refund_key is not null

),

paid as (

    select
        coalesce(matches.return_key, returns.return_key) as return_key,
        matches.match_reason,
        matches.matched_amount,
        refunds.currency_code,
        refunds.refund_type,
        refunds.posted_date_local
    from matches
    inner join refunds
        on matches.refund_key = refunds.refund_key
    left join returns
        on
            matches.is_extra
            and matches.seller_id = returns.seller_id
            and matches.amazon_order_id = returns.amazon_order_id
            and matches.sku = returns.sku
            and returns.item_return_number = 1

),

summed as (

    select
        return_key,
        case when min(currency_code) = max(currency_code) then min(currency_code) end
            as currency_code,
        count(*) as refund_count,
        sum(matched_amount) as refunded_total,
        {% for name, reason in {
            'double': 'double',
            'surplus': 'more_units_than_returned',
            'unexpected': 'no_refund_expected',
            'other_item': 'sku_differs',
        }.items() -%}
            sum(case when match_reason = '{{ reason }}' then matched_amount end)
                as {{ name }}_total,
        {% endfor -%}
        bool_or(refund_type = 'a_to_z') as has_a_to_z_refund,
        min(posted_date_local) as first_refunded_date_local
    from paid
    where return_key is not null
    group by return_key

)

select
    -- keys
    returns.return_key,
    returns.seller_id,
    returns.marketplace_code,

    -- attributes
    returns.currency_code,

    -- measures: money in another currency than the return's is not known here
    cast(summed.refund_count as bigint) as refund_count,
    {% for amount, total in {
        'refunded_amount': 'refunded_total',
        'double_refunded_amount': 'double_total',
        'surplus_refunded_amount': 'surplus_total',
        'unexpected_refunded_amount': 'unexpected_total',
        'other_item_refunded_amount': 'other_item_total',
    }.items() -%}
        cast(
            case
                when summed.currency_code = returns.currency_code
                    then summed.{{ total }}
            end as decimal(18, 2)
        ) as {{ amount }},
    {% endfor -%}

    -- flags
    summed.has_a_to_z_refund,

    -- times
    summed.first_refunded_date_local

from returns

inner join summed
    on returns.return_key = summed.return_key
