-- One row is one unit: returned, or to be returned, or refunded without a return
-- (`refunded`), or damaged by Amazon's warehouse (`stock`: no buyer had it). What has
-- ended it by the last pull, and what ends it at all; a fate that is null stays open.
create or replace temp table truth_outcomes as
select
    units.unit_key as unit_id,
    units.unit_kind,
    units.return_key as return_id,
    units.case_key as case_id,
    units.line_key as order_line_id,
    scopes.seller_id,
    scopes.marketplace_code,
    units.channel,
    if(units.unit_kind = 'stock', null, units.amazon_order_id) as amazon_order_id,
    offers.sku,
    offers.fnsku,
    units.received_at,
    units.refunded_at,
    units.refund_kind,
    if(units.fate_at <= getvariable('horizon'), units.fate, 'open') as outcome_code,
    if(units.fate_at <= getvariable('horizon'), units.fate_at, null) as outcome_at,
    units.fate as eventual_outcome_code,
    units.fate_at as eventual_outcome_at,
    units.grade as resale_grade,
    -- what the seller's own warehouse noted that it was sold or sold off for
    if(
        units.channel = 'mfn' and units.fate_at <= getvariable('horizon')
        and sold_unit_amount(units.case_key, units.fate, offers.unit_price) is not null,
        cast(
            coins(
                sold_unit_amount(units.case_key, units.fate, offers.unit_price),
                scopes.decimals
            ) as decimal(18, 2)
        ),
        null
    ) as sold_amount,
    units.reimbursed_at,
    units.reversed_at,
    reimbursements.reimbursement_id,
    case when units.removal_no is not null then removal_id(units.removal_no) end
        as removal_order_id,
    units.removal_type,
    units.removal_requested_at,
    units.removed_at,
    units.is_removal_cancelled,
    resales.amazon_order_id as resale_amazon_order_id,
    resales.sku as resale_sku,
    replacements.replacement_order_id as replacement_amazon_order_id,
    if(units.received_at <= getvariable('horizon'), inspections.case_key, null)
        as inspection_id,
    coalesce(shown_returns.return_key is not null, false) as is_return_in_files,
    coalesce(units.refunded_at <= settled_until.until_at, false) as is_refund_in_files,
    units.requested_at > getvariable('horizon') as is_after_period
from units
inner join scopes on units.scope_id = scopes.scope_id
inner join offers
    on units.scope_id = offers.scope_id
    and units.product_id = offers.product_id
left join reimbursements
    on units.fate_key = reimbursements.fate_key
    and not reimbursements.is_reversal
left join resales on units.unit_key = resales.unit_key
left join replacements on units.case_key = replacements.case_key
left join inspections on units.case_key = inspections.case_key
left join shown_returns on units.return_key = shown_returns.return_key
left join (
    select scope_id, max(end_at) as until_at
    from documents
    where settlement_id is not null
    group by scope_id
) as settled_until on units.scope_id = settled_until.scope_id
order by unit_id;
