-- One row is one order line of the simulated business, whether or not a document shows
-- it.
create or replace temp table truth_order_lines as
with

shown as (

    select distinct report_lines.line_key
    from report_lines
    inner join documents on report_lines.document_id = documents.document_id
    where documents.report like 'GET_FLAT_FILE_ALL_ORDERS_DATA_%'

)

select
    lines.line_key as order_line_id,
    scopes.seller_id,
    scopes.marketplace_code,
    lines.channel,
    lines.amazon_order_id,
    lines.order_item_id,
    offers.sku,
    offers.asin,
    categories.name as category,
    lines.purchase_at as ordered_at,
    cast(local_time(lines.purchase_at, lines.zone_no) as date) as ordered_date_local,
    lines.shipped_at,
    lines.delivered_at,
    lines.quantity,
    cast(coins(lines.unit_price * lines.quantity, scopes.decimals) as decimal(18, 2))
        as item_amount,
    scopes.currency_code,
    lines.is_cancelled,
    lines.is_multi_channel,
    lines.is_business,
    lines.resold_unit_key is not null as is_resale,
    shown.line_key is not null as is_in_files
from lines
inner join scopes on lines.scope_id = scopes.scope_id
inner join offers
    on lines.scope_id = offers.scope_id
    and lines.product_id = offers.product_id
inner join categories on lines.category_id = categories.category_id
left join shown on lines.line_key = shown.line_key
order by lines.origin_key, order_line_id;
