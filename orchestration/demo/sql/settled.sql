-- One row is one amount of a settlement: a part of an order line or refund, the label
-- of a return, or a granted claim.
create or replace temp view settled as
with

parts as (

    select
        money.*,
        settlement_parts.part_no,
        settlement_parts.amount_type,
        settlement_parts.amount_description,
        case settlement_parts.part_no
            when 1 then money.principal
            when 2 then money.tax
            when 3 then money.shipping
            when 4 then money.goodwill
            when 5 then money.restocking_fee
            when 6 then money.promotion
            when 7 then money.withheld
            when 8 then money.commission
            when 9 then money.refund_commission
            when 10 then money.unit_fees
            else 0
        end as amount
    from money
    cross join settlement_parts

),

parcel_money as (

    select
        parcels.*,
        merchant_cases.scope_id,
        merchant_cases.amazon_order_id,
        merchant_cases.line_key,
        merchant_cases.first_scan_at
    from parcels
    inner join merchant_cases on parcels.lead_case_key = merchant_cases.case_key

),

others as (

    select
        scope_id,
        amazon_order_id,
        line_key * 1024 + 1000 + lead_case_key % 2 * 2 as sort_key,
        'other-transaction' as transaction_type,
        'other-transaction' as amount_type,
        'Shipping label purchase for return' as amount_description,
        -label_cost as amount,
        first_scan_at as posted_at,
        cast(null as varchar) as sku
    from parcel_money
    where payer = 'Seller' and label_cost > 0
    union all
    select
        scope_id,
        amazon_order_id,
        line_key * 1024 + 1001 + lead_case_key % 2 * 2 as sort_key,
        'SAFE-T Reimbursement' as transaction_type,
        'other-transaction' as amount_type,
        'SAFE-T Reimbursement' as amount_description,
        claim_amount as amount,
        decided_at as posted_at,
        null as sku
    from parcel_money
    where claim_amount > 0 and claimed_at is not null
    union all
    select
        reimbursements.scope_id,
        if(unit_kind = 'stock', '', amazon_order_id) as amazon_order_id,
        line_key * 1024 + 1005 + cast(is_reversal as integer) as sort_key,
        'other-transaction' as transaction_type,
        'FBA Inventory Reimbursement' as amount_type,
        case reason
            when 'Damaged_Warehouse' then 'WAREHOUSE_DAMAGE'
            when 'CustomerServiceIssue' then 'CS_ERROR_ITEMS'
            when 'Reimbursement_Reversal' then 'REVERSAL_REIMBURSEMENT'
            else 'FREE_REPLACEMENT_REFUND_ITEMS'
        end as amount_description,
        if(is_reversal, -1, 1) * unit_amount * quantity as amount,
        approved_at as posted_at,
        offers.sku
    from reimbursements
    inner join offers
        on reimbursements.scope_id = offers.scope_id
        and reimbursements.product_id = offers.product_id

),

other_parts as (

    select
        others.*,
        documents.document_id,
        scopes.sales_channel as marketplace_name
    from others
    inner join scopes on others.scope_id = scopes.scope_id
    inner join documents
        on others.scope_id = documents.scope_id
        and documents.settlement_id is not null
        and others.posted_at >= documents.start_at
        and others.posted_at < documents.end_at

)

select
    document_id,
    sort_base + part_no as sort_key,
    transaction_type,
    amazon_order_id,
    marketplace_name,
    amount_type,
    amount_description,
    amount,
    posted_at,
    sku,
    case channel when 'fba' then 'AFN' else 'MFN' end as fulfillment,
    order_item_id,
    part_no,
    quantity,
    case when adjustment_key is not null
        then 'amzn1:crow:' || letters(adjustment_key, 'crow', 11)
    end as adjustment_id,
    case when adjustment_key is not null then digits(adjustment_key, 'adjusted', 16) end
        as adjustment_item_id,
    case when adjustment_key is null then 'B' || letters(order_key, 'shipment', 8) end
        as shipment_id
from parts
where
    amount != 0
    or (part_no = 0 and transaction_type = 'Order')
union all by name
select
    document_id,
    sort_key,
    transaction_type,
    amazon_order_id,
    marketplace_name,
    amount_type,
    amount_description,
    amount,
    posted_at,
    sku,
    99 as part_no
from other_parts;
