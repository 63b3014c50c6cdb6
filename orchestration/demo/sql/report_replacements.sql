-- One row is one unit line of an order of Amazon's that is sent again for nothing: the
-- buyer gets a second one, and the first is to come back.
create or replace temp table replacements as
select
    case_key,
    line_key,
    account,
    scope_id,
    product_id,
    amazon_order_id,
    case_quantity as quantity,
    later(requested_at, 0.3 + u(case_key, 'sent again') * 2) as shipped_at,
    concat(
        left(amazon_order_id, 3), '-',
        digits(case_key, 'second order', 7), '-',
        digits(case_key, 'second order too', 7)
    ) as replacement_order_id,
    case
        when cause in ('defective', 'poor_quality') then '2'
        when cause = 'carrier_damage' then '3'
        when cause = 'wrong_item' then '4'
        when cause = 'missing_parts' then '5'
        when cause = 'handling_damage' then '10'
        when cause = 'ordered_wrong' then '7'
        else '0'
    end as reason_code
from warehouse_cases
where is_replaced;

insert into report_lines by name
select
    documents.document_id,
    replacements.case_key as sort_key,
    0 as amount,
    concat_ws(
        chr(9), iso(shipped_at), offers.sku, offers.asin,
        ['SDF4', 'YVR2', 'LEX1', 'EUK5', 'FRA7', 'NRT5'][replacements.scope_id],
        ['SDF4', 'YVR2', 'LEX1', 'EUK5', 'FRA7', 'NRT5'][replacements.scope_id],
        quantity, reason_code, replacement_order_id, amazon_order_id
    ) as line
from replacements
inner join offers
    on replacements.scope_id = offers.scope_id
    and replacements.product_id = offers.product_id
inner join documents
    on replacements.account = documents.account
    and documents.report
    = 'GET_FBA_FULFILLMENT_CUSTOMER_SHIPMENT_REPLACEMENT_DATA'
    and replacements.shipped_at >= documents.start_at
    and replacements.shipped_at < documents.end_at;
