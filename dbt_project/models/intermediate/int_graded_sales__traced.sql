{# Amazon sells graded units under SKUs of its own: `amzn.gr.`, the seller's SKU, then
   signs of its own. The longest SKU of the seller that fits is the one; else the only
   SKU of the same ASIN. A sale whose SKU fits none is kept without one. #}
with

order_lines as (

    select * from {{ ref('int_order_lines__located') }}
    where sku is not null

),

units as (

    select * from {{ ref('int_return_links__units') }}

),

graded as (

    select
        seller_id,
        sku as graded_sku,
        substring(sku, 9) as bare_sku,
        max(asin) as asin
    from order_lines
    where sku like 'amzn.gr.%'
    group by seller_id, sku

),

own_skus as (

    select
        seller_id,
        sku,
        max(asin) as asin
    from (
        select
            seller_id,
            sku,
            asin
        from order_lines

        union all

        select
            seller_id,
            sku,
            asin
        from units
        where sku is not null
    ) as listed
    where sku not like 'amzn.gr.%'
    group by seller_id, sku

),

candidates as (

    select
        graded.seller_id,
        graded.graded_sku,
        own_skus.sku,
        case
            when graded.bare_sku = own_skus.sku then true
            when
                substring(graded.bare_sku, 1, length(own_skus.sku)) = own_skus.sku
                and substring(graded.bare_sku, length(own_skus.sku) + 1, 1)
                in ('-', '_', '.', ' ')
                then true
            else false
        end as is_named,
        graded.asin = own_skus.asin as is_same_asin
    from graded
    inner join own_skus
        on graded.seller_id = own_skus.seller_id

),

ranked as (

    select
        *,
        count(*) over (partition by seller_id, graded_sku, is_named) as peer_count,
        row_number() over (
            partition by seller_id, graded_sku
            order by
                case when is_named then 0 else 1 end asc nulls last,
                length(sku) desc nulls last,
                sku asc nulls last
        ) as preference_number
    from candidates
    where is_named or is_same_asin

),

chosen as (

    select * from ranked
    where preference_number = 1 and (is_named or peer_count = 1)

)

select
    order_lines.order_line_key,
    order_lines.seller_id,
    order_lines.marketplace_code,
    order_lines.currency_code,
    order_lines.sku as graded_sku,
    chosen.sku,
    case
        when chosen.is_named then 'sku_in_name'
        when chosen.sku is not null then 'only_sku_of_asin'
        else 'untraced'
    end as trace_class,
    order_lines.quantity,
    order_lines.ordered_at
from order_lines
left join chosen
    on
        order_lines.seller_id = chosen.seller_id
        and order_lines.sku = chosen.graded_sku
where order_lines.sku like 'amzn.gr.%' and order_lines.is_counted
