-- Inspections as the sellers' tools export them. Some lack the authorisation or the
-- order, a few both; some parcels are scanned days after they came.
create or replace temp table inspected as
select
    inspections.*,
    offers.sku,
    parcels.rma_id,
    parcels.tracking_id,
    scopes.seller_id,
    scopes.marketplace_code,
    found_codes.code as found_code,
    u(inspections.case_key, 'no rma') >= 0.12 as has_rma,
    u(inspections.case_key, 'no order') >= 0.06 as has_order,
    case when u(inspections.case_key, 'late scan') < 0.05
        then least(later(received_at, 2.3), later(inspected_at, -0.01))
        else received_at
    end as scanned_at,
    case when inspections.decided_at <= getvariable('horizon')
        then inspections.decision
        else 'pending'
    end as shown_decision,
    case
        when outcome = 'empty_box' then 0
        when case_quantity > 1 and u(inspections.case_key, 'short') < 0.06
            then case_quantity - 1
        else case_quantity
    end as received_quantity,
    'w' || (1 + draw(inspections.case_key, 'inspector') % 4) as inspector,
    [
        'intact', 'opened_package', 'visible_wear', 'broken_part', 'crushed_box',
        'other_product', 'no_product'
    ][case outcome
        when 'new' then 1
        when 'open_box' then 2
        when 'used' then 3
        when 'damaged' then 5
        when 'wrong_item_returned' then 6
        when 'empty_box' then 7
        else 4
    end] as true_image,
    u(inspections.case_key, 'photo') < 0.7 as has_photo,
    u(inspections.case_key, 'misread photo') < 0.08 as is_photo_misread
from inspections
inner join parcels on inspections.parcel_key = parcels.parcel_key
inner join scopes on inspections.scope_id = scopes.scope_id
inner join offers
    on inspections.scope_id = offers.scope_id
    and inspections.product_id = offers.product_id
inner join codes as found_codes
    on inspections.cause_id = found_codes.cause_id
    and found_codes.channel = 'mfn'
    and found_codes.low = 0
where inspections.inspected_at <= getvariable('horizon');

insert into report_lines by name
select
    documents.document_id,
    case_key as sort_key,
    0 as amount,
    case documents.layout
        when 'inspections'
            then csv([
                'Q' || (case_key + 100000), if(has_rma, rma_id, ''),
                if(has_order, amazon_order_id, ''), sku, iso(scanned_at),
                iso(inspected_at), cast(case_quantity as varchar),
                cast(received_quantity as varchar),
                cast(if(shown_decision = 'restock', received_quantity, 0) as varchar),
                grade, outcome, shown_decision, grade, stated_code, found_code,
                if(u(case_key, 'blamed') < 0.9, fault, 'unassigned'), inspector,
                'DOCK-' || marketplace_code,
                case
                    when not has_photo then ''
                    when is_photo_misread then 'visible_wear'
                    else true_image
                end,
                if(
                    has_photo,
                    '0.' || (60 + draw(case_key, 'sure') % 39)::varchar, ''
                ),
                if(has_photo, 'example-vision', ''),
                case
                    when not has_photo or u(case_key, 'analysed') >= 0.5 then ''
                    when is_misstated = is_photo_misread then 'reason_confirmed'
                    else 'reason_doubtful'
                end,
                if(outcome = 'used', 'worn, tags gone', ''),
                iso(if(shown_decision = 'pending', inspected_at, decided_at))
            ])
        else csv([
            cast(case_key + 5000000 as varchar), cast(parcel_key + 300000 as varchar),
            cast(case_key + 7000000 as varchar), if(has_order, amazon_order_id, ''),
            sku, cast(case_quantity as varchar), cast(received_quantity as varchar),
            cast(if(shown_decision = 'restock', received_quantity, 0) as varchar),
            case outcome
                when 'open_box' then 'Open Box'
                when 'missing_items' then 'Missing Parts'
                when 'wrong_item_returned' then 'Wrong Item'
                when 'empty_box' then ''
                else upper(left(outcome, 1)) || outcome[2:]
            end,
            stated_code, 'NV-' || marketplace_code, iso(scanned_at), iso(inspected_at),
            iso(requested_at),
            iso(if(shown_decision = 'pending', inspected_at, decided_at))
        ])
    end as line
from inspected
inner join documents
    on documents.layout = if(inspected.seller_no = 1, 'inspections', 'shiphero');
