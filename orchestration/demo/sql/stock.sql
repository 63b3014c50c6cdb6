-- What lies in the seller's own warehouses at the end of a quarter: sellable units, of
-- which nobody keeps a truth, and returned ones that nobody has dealt with yet.
insert into late_lines
with

days as (

    select unnest([
        date '2025-12-31', date '2026-03-31', date '2026-06-30', date '2026-09-30'
    ]) as stock_date

),

waiting as (

    select
        days.stock_date,
        all_units.scope_id,
        all_units.product_id,
        count(*) as units
    from days
    inner join all_units
        on all_units.received_at < days.stock_date + 1
        and (all_units.fate_at >= days.stock_date + 1 or all_units.fate_at is null)
    where all_units.channel = 'mfn' and all_units.unit_kind = 'returned'
    group by all

)

select
    documents.document_id,
    concat_ws(',', days.stock_date, scopes.scope_id, offers.sku) as sort_text,
    csv([
        cast(days.stock_date as varchar), offers.sku,
        'DOCK-' || scopes.marketplace_code, 'new',
        cast(
            20 + coalesce(waiting.units, 0)
            + draw(offers.product_id * 8 + month(days.stock_date), 'stock') % 90
            as varchar
        ),
        cast(coalesce(waiting.units, 0) as varchar)
    ]) as line
from days
inner join scopes on scopes.seller_no = 1 and scopes.merchant_share > 0
inner join offers
    on scopes.scope_id = offers.scope_id
    and offers.product_id < 1000
inner join documents on documents.layout = 'stock'
left join waiting
    on days.stock_date = waiting.stock_date
    and offers.scope_id = waiting.scope_id
    and offers.product_id = waiting.product_id;
