-- One row is one refund to a buyer; `return_id` is the first return of its case.
create or replace temp table truth_refunds as
select
    refunds.refund_key as refund_id,
    refunds.case_key as case_id,
    refunds.case_key * 8 as return_id,
    refunds.line_key as order_line_id,
    scopes.seller_id,
    scopes.marketplace_code,
    refunds.channel,
    refunds.amazon_order_id,
    offers.sku,
    refunds.kind,
    refunds.event_no = 1 as is_second,
    refunds.is_partial,
    refunds.quantity as refunded_quantity,
    cast(coins(refunds.refunded, scopes.decimals) as decimal(18, 2)) as refunded_amount,
    scopes.currency_code,
    refunds.posted_at,
    documents.settlement_id,
    documents.settlement_id is not null as is_in_files,
    told.document_id is not null as is_in_finances,
    refunds.posted_at > getvariable('horizon') as is_after_period
from refunds
inner join scopes on refunds.scope_id = scopes.scope_id
inner join offers
    on refunds.scope_id = offers.scope_id
    and refunds.product_id = offers.product_id
left join documents
    on refunds.scope_id = documents.scope_id
    and documents.settlement_id is not null
    and refunds.posted_at >= documents.start_at
    and refunds.posted_at < documents.end_at
left join (
    select sort_key, min(document_id) as document_id
    from report_lines
    where list_name in (
        'RefundEventList', 'GuaranteeClaimEventList', 'ChargebackEventList',
        'transactions'
    )
    group by sort_key
) as told on refunds.refund_key = told.sort_key
order by refund_id;
