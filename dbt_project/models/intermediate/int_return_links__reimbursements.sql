{# Reimbursements for refunded units and the units they are for; what was taken back
   again pays for none. Within an order a unit Amazon calls reimbursed comes first, then
   one that was refunded and never came back, then what the carrier or Amazon damaged,
   other damage, and last a unit that can be sold: that is never said for certain. #}
with

units as (

    select * from {{ ref('int_return_links__units') }}

),

reimbursements as (

    select * from {{ ref('int_reimbursements__reversed') }}
    where is_return_related and not is_reversal and is_counted

),

ordered_skus as (

    select
        seller_id,
        amazon_order_id,
        sku
    from {{ ref('int_order_lines__located') }}
    group by seller_id, amazon_order_id, sku

),

items as (

    select
        unit_key,
        seller_id,
        amazon_order_id,
        sku,
        fnsku,
        is_order_line,
        unit_count,
        unit_date,
        case
            when return_status = 'reimbursed' then 0
            when unit_side = 'refund' then 1
            when disposition_fault_party in ('amazon', 'carrier') then 2
            when coalesce(is_sellable, false) then 4
            else 3
        end as priority
    from units

),

records as (

    select
        reimbursements.reimbursement_key as unit_key,
        reimbursements.seller_id,
        reimbursements.amazon_order_id,
        reimbursements.sku,
        reimbursements.fnsku,
        ordered_skus.sku is not null as is_order_line,
        reimbursements.reimbursed_quantity
        - coalesce(reimbursements.reversed_quantity, 0) as unit_count,
        reimbursements.approved_date as unit_date,
        0 as priority
    from reimbursements
    left join ordered_skus
        on
            reimbursements.seller_id = ordered_skus.seller_id
            and reimbursements.amazon_order_id = ordered_skus.amazon_order_id
            and reimbursements.sku = ordered_skus.sku

),

links as (

    select *
    from {{ order_links('items', 'records') }} as linked

)

select
    units.unit_key,
    units.return_key,
    units.refund_key,
    'reimbursement' as linked_type,
    links.record_key as linked_key,
    case
        when links.match_class = 'exact' and coalesce(units.is_sellable, false)
            then 'quantity_split'
        else links.match_class
    end as match_class,
    case
        when links.match_class = 'exact' and coalesce(units.is_sellable, false)
            then 'sellable_unit'
        else links.match_reason
    end as match_reason,
    links.matched_quantity
from links
inner join units
    on links.item_key = units.unit_key
