-- One row is one record of a file and the return or unit it truly belongs to, or that it
-- belongs to none; one that belongs to many units is many rows. `linked_id` is what the
-- file calls it.
create or replace temp table truth_links as
with

linked as (

    select
        'reimbursement' as linked_type,
        reimbursements.reimbursement_id as linked_id,
        units.unit_key,
        units.return_key,
        units.case_key,
        1 as quantity
    from reimbursements
    inner join units on reimbursements.fate_key = units.fate_key
    where
        not reimbursements.is_reversal
        and reimbursements.approved_at <= getvariable('horizon')
    union all by name
    select
        'removal' as linked_type,
        removal_id(removal_no) as linked_id,
        unit_key,
        return_key,
        case_key,
        1 as quantity
    from units
    where removal_requested_at <= getvariable('horizon')
    union all by name
    select
        'resale' as linked_type,
        resales.amazon_order_id as linked_id,
        units.unit_key,
        units.return_key,
        units.case_key,
        1 as quantity
    from resales
    inner join units on resales.unit_key = units.unit_key
    union all by name
    select
        'replacement' as linked_type,
        replacement_order_id as linked_id,
        case_key * 8 as return_key,
        case_key,
        quantity
    from replacements
    where shipped_at <= getvariable('horizon')
    union all by name
    select
        'inspection' as linked_type,
        if(seller_no = 1, 'Q' || (case_key + 100000), (case_key + 5000000)::varchar)
            as linked_id,
        case_key * 8 as return_key,
        case_key,
        received_quantity as quantity,
        (seller_no = 1 and has_rma) or has_order as is_named
    from inspected

)

select
    linked.linked_type,
    linked.linked_id,
    linked.unit_key as unit_id,
    linked.return_key as return_id,
    linked.case_key as case_id,
    scopes.seller_id,
    scopes.marketplace_code,
    if(
        units.unit_kind = 'stock', null,
        coalesce(cases.amazon_order_id, units.amazon_order_id)
    ) as amazon_order_id,
    offers.sku,
    linked.quantity,
    coalesce(
        linked.is_named,
        linked.linked_type != 'removal' and coalesce(units.unit_kind != 'stock', true)
    ) as is_named
from linked
left join cases on linked.case_key = cases.case_key
left join units on linked.unit_key = units.unit_key
inner join scopes on coalesce(cases.scope_id, units.scope_id) = scopes.scope_id
inner join offers
    on coalesce(cases.scope_id, units.scope_id) = offers.scope_id
    and coalesce(cases.product_id, units.product_id) = offers.product_id
order by coalesce(linked.unit_key, linked.case_key * 8), linked_type, linked_id;
