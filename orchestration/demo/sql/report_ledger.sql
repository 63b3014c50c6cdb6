-- Movements of units in Amazon's warehouses, each a row of its own: two that look alike
-- are two. Every field is quoted.
insert into report_lines by name
with

sold as (

    select
        origin_key * 64 as movement_key,
        *,
        unnest([
            {
                kind: 'Shipments', moved_at: shipped_at, moved: -quantity,
                state: 'SELLABLE', reason: ''
            },
            {
                kind: 'Receipts', moved_at: later(purchase_at, -21),
                moved: if(u(line_key, 'received') < 0.05, 24, 0),
                state: 'SELLABLE', reason: ''
            },
            {
                kind: 'WhseTransfers', moved_at: later(purchase_at, -9),
                moved: if(u(line_key, 'transferred') < 0.006, -6, 0),
                state: 'SELLABLE', reason: ''
            },
            {
                kind: 'WhseTransfers', moved_at: later(purchase_at, -7),
                moved: if(u(line_key, 'transferred') < 0.006, 6, 0),
                state: 'SELLABLE', reason: ''
            }
        ], recursive := true)
    from lines
    where channel = 'fba' and quantity > 0

),

handled as (

    select
        unit_key * 4 as movement_key,
        units.*,
        if(unit_kind = 'stock', 'WAREHOUSE_DAMAGED', disposition) as found,
        unnest([
            {
                kind: 'CustomerReturns', moved_at: received_at,
                moved: if(unit_kind = 'returned', 1, 0), state: found, reason: ''
            },
            {
                kind: 'Adjustments', moved_at: received_at,
                moved: if(unit_kind = 'stock', -1, 0), state: 'SELLABLE', reason: 'E'
            },
            {
                kind: 'Adjustments', moved_at: received_at,
                moved: if(unit_kind = 'stock', 1, 0), state: found, reason: 'E'
            },
            {
                kind: 'VendorReturns', moved_at: removed_at,
                moved: if(removal_type = 'Disposal', 0, -1), state: found, reason: ''
            },
            {
                kind: 'Adjustments', moved_at: if(fate = 'disposed', fate_at, null),
                moved: -1, state: found, reason: 'D'
            }
        ], recursive := true)
    from units
    where channel = 'fba' and received_at is not null and unit_kind != 'refunded'

),

moved as (

    select
        movement_key, scope_id, account, zone_no, product_id, kind, moved_at, moved,
        state, reason, cast(null as bigint) as removal_no
    from sold
    union all by name
    select
        movement_key, scope_id, account, zone_no, product_id, kind, moved_at, moved,
        state, reason, removal_no
    from handled

)

select
    documents.document_id,
    moved.movement_key as sort_key,
    0 as amount,
    quoted([
        strftime(local_time(moved_at, moved.zone_no), '%m/%d/%Y'), offers.fnsku, offers.asin,
        offers.sku, offers.title, kind,
        case kind
            when 'VendorReturns' then removal_id(removal_no)
            when 'Receipts' then 'FBA' || upper(letters(movement_key, 'inbound', 9))
            else ''
        end,
        cast(moved as varchar),
        ['SDF4', 'YVR2', 'LEX1', 'EUK5', 'FRA7', 'NRT5'][moved.scope_id],
        state, reason, scopes.country_code, '0', '0'
    ]) as line
from moved
inner join scopes on moved.scope_id = scopes.scope_id
inner join offers
    on moved.scope_id = offers.scope_id
    and moved.product_id = offers.product_id
inner join documents
    on moved.account = documents.account
    and documents.report = 'GET_LEDGER_DETAIL_VIEW_DATA'
    and moved.moved_at >= documents.start_at
    and moved.moved_at < documents.end_at
    and moved.moved_at <= documents.pulled_at
where moved.moved != 0;
