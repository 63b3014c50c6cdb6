-- What Amazon pays for units, one row a case, as each pull shows it: the report runs up
-- to five days behind. A reversal names the reimbursement it takes back.
create or replace temp table reimbursements as
with

grouped as (

    select
        fate_key,
        min(unit_key) as lead_key,
        min(line_key) as line_key,
        min(payment_key) as payment_key,
        min(scope_id) as scope_id,
        min(account) as account,
        min(product_id) as product_id,
        min(amazon_order_id) as amazon_order_id,
        min(unit_kind) as unit_kind,
        bool_and(status = 'Reimbursed' and received_at is not null)
        and u(fate_key, 'unpaid') < 0.06 as is_unpaid,
        min(refund_kind) as refund_kind,
        min(unit_principal) * 4 // 5 as unit_amount,
        count(*) as quantity,
        min(reimbursed_at) as reimbursed_at,
        min(reversed_at) as reversed_at
    from units
    where reimbursed_at is not null
    group by fate_key

)

select
    *,
    digits(payment_key, 'reimbursement', 11) as reimbursement_id,
    false as is_reversal,
    -- A few that Amazon owes are never paid: the return alone says so.
    reimbursed_at as approved_at,
    case
        when unit_kind = 'stock' then 'Damaged_Warehouse'
        when unit_kind = 'refunded' then 'CustomerServiceIssue'
        else 'CustomerReturn'
    end as reason
from grouped
where not coalesce(is_unpaid, false)
union all by name
select
    *,
    digits(payment_key, 'reversal', 11) as reimbursement_id,
    true as is_reversal,
    reversed_at as approved_at,
    'Reimbursement_Reversal' as reason
from grouped
where reversed_at is not null and not coalesce(is_unpaid, false);

insert into report_lines by name
select
    documents.document_id,
    reimbursements.lead_key * 2 + cast(is_reversal as ubigint) as sort_key,
    0 as amount,
    concat_ws(
        chr(9), iso(approved_at), reimbursement_id,
        case when reason = 'Damaged_Warehouse'
            then ''
            else digits(payment_key, 'support case', 10)
        end,
        case when unit_kind = 'stock' then '' else amazon_order_id end,
        reason, offers.sku, offers.fnsku, offers.asin, offers.title,
        case reason when 'CustomerReturn' then 'CustomerDamaged' else 'NewItem' end,
        scopes.currency_code,
        tsv_decimal(if(is_reversal, -1, 1) * unit_amount, scopes.decimals,
            scopes.has_decimal_comma),
        tsv_decimal(if(is_reversal, -1, 1) * unit_amount * quantity, scopes.decimals,
            scopes.has_decimal_comma),
        quantity, 0, quantity,
        if(is_reversal, digits(payment_key, 'reimbursement', 11), ''),
        if(is_reversal, 'CustomerReturn', '')
    ) as line
from reimbursements
inner join scopes on reimbursements.scope_id = scopes.scope_id
inner join offers
    on reimbursements.scope_id = offers.scope_id
    and reimbursements.product_id = offers.product_id
inner join documents
    on reimbursements.account = documents.account
    and documents.report = 'GET_FBA_REIMBURSEMENTS_DATA'
    and reimbursements.approved_at >= documents.start_at
    and reimbursements.approved_at < documents.end_at
    and later(reimbursements.approved_at, u(reimbursements.lead_key, 'delay') * 5)
    <= documents.pulled_at;
