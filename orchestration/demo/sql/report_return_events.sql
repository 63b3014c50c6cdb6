-- Steps of returns as the sellers' own tools note them. One seller notes the whole way,
-- the other only where units end.
create or replace temp table noted as
with

begun as (

    select
        merchant_cases.*,
        parcels.rma_id,
        parcels.tracking_id,
        parcels.label_kind,
        parcels.carrier,
        u(merchant_cases.parcel_key, 'authorised by rule') < 0.6 as is_by_rule,
        later(
            requested_at,
            if(is_by_rule, 0.001, 0.04
                + u(merchant_cases.parcel_key, 'authorised') * 1.9
                + if(u(merchant_cases.parcel_key, 'slow desk') < 0.12, 1.7, 0))
        ) as answered_at
    from merchant_cases
    inner join parcels on merchant_cases.parcel_key = parcels.parcel_key

)

select
    begun.*,
    inspected.scanned_at,
    inspected.inspected_at,
    inspected.decided_at,
    inspected.shown_decision,
    inspected.fate,
    inspected.fate_at,
    inspected.inspector,
    -- Work done twice: a rule that fires again, a decision somebody else takes again.
    if(
        begun.is_by_rule and begun.status != 'Rejected'
        and u(begun.case_key, 'rule fires twice') < 0.15,
        later(begun.answered_at, 0.02), null
    ) as again_answered_at,
    if(
        u(begun.case_key, 'second decision') < 0.15,
        later(inspected.decided_at, 0.01), null
    ) as again_decided_at,
    coalesce(inspected.has_rma, true) as has_rma,
    coalesce(inspected.has_order, true) as has_order
from begun
left join inspected on begun.case_key = inspected.case_key;

create or replace temp table warehouse_events as
select
    noted.*,
    unnest([
        {n: 1, kind: if(status = 'Rejected', 'closed', 'authorised'),
            seen_at: answered_at, actor: if(is_by_rule, 'rule', 'desk')},
        {n: 2, kind: 'label_issued',
            seen_at: if(label_kind = 'prepaid', later(answered_at, 0.01), null),
            actor: 'rule'},
        {n: 3, kind: 'received', seen_at: scanned_at, actor: inspector},
        {n: 4, kind: 'decided', seen_at: decided_at, actor: inspector},
        {n: 5, kind: fate, seen_at: fate_at, actor: inspector},
        {n: 6, kind: 'authorised', seen_at: again_answered_at, actor: 'rule'},
        {n: 7, kind: 'decided', seen_at: again_decided_at, actor: 'lead'}
    ], recursive := true)
from noted;

insert into report_lines by name
select
    documents.document_id,
    case_key * 8 + n as sort_key,
    0 as amount,
    csv([
        'E' || (case_key * 8 + n), iso(seen_at), kind, if(has_rma, rma_id, ''),
        if(has_order, amazon_order_id, ''), sku, cast(case_quantity as varchar),
        if(n in (4, 5, 7), shown_decision, ''), if(actor = 'rule', '', actor),
        if(actor = 'rule', 'system', 'person'), if(actor = 'rule', 'returns-rules', ''),
        if(n in (3, 4, 5, 7), 'DOCK-' || scopes.marketplace_code, ''),
        if(sold_amount is null, '', coins(sold_amount, scopes.decimals)),
        if(sold_amount is null, '', scopes.currency_code)
    ]) as line
from (
    select
        warehouse_events.*,
        offers.sku,
        sold_unit_amount(case_key, kind, offers.unit_price) * case_quantity
            as sold_amount
    from warehouse_events
    inner join offers
        on warehouse_events.scope_id = offers.scope_id
        and warehouse_events.product_id = offers.product_id
) as warehouse_events
inner join scopes on warehouse_events.scope_id = scopes.scope_id
inner join documents
    on documents.layout
    = if(warehouse_events.seller_no = 1, 'return_events', 'return_ends')
where
    seen_at <= getvariable('horizon')
    and kind != 'lost'
    and (warehouse_events.seller_no = 1 or n = 5);

-- Where parcels were seen: one row of a case that leads its parcel.
create or replace temp table checkpoints as
select
    noted.*,
    unnest([
        {n: 0, tag: 'InfoReceived', sub: 'InfoReceived_001', seen_at: answered_at},
        {n: 1, tag: 'InTransit', sub: 'InTransit_002', seen_at: first_scan_at},
        {n: 2, tag: 'InTransit', sub: 'InTransit_003',
            seen_at: later(first_scan_at, 0.4 + u(parcel_key, 'depot') * 0.8)},
        {n: 3, tag: 'OutForDelivery', sub: 'OutForDelivery_001',
            seen_at: arrived_at - interval 5 hour},
        {n: 4, tag: 'Delivered', sub: 'Delivered_001', seen_at: arrived_at},
        {n: 5, tag: 'Exception', sub: 'Exception_011',
            seen_at: if(arrived_at is null, later(first_scan_at, 12), null)}
    ], recursive := true)
from noted
where
    label_kind = 'prepaid'
    and (arrived_at is not null or refunded_at is not null)
    and case_key in (select lead_case_key from parcels);

insert into report_lines by name
select
    documents.document_id,
    case_key * 8 + n as sort_key,
    0 as amount,
    case documents.layout
        when 'checkpoints'
            then csv([
                tracking_id, replace(carrier, ' ', '-'), iso(seen_at), tag, sub, scopes.country_code,
                amazon_order_id, rma_id
            ])
        else csv([
            tracking_id, lower(replace(carrier, ' ', '-')),
            strftime(local_time(seen_at, checkpoints.zone_no), '%Y-%m-%dT%H:%M:%S')
            -- Some carriers state no zone.
            || if(
                carrier = 'UPS' and n = 2, '',
                printf('%+03d:00', offset_at(seen_at, checkpoints.zone_no) // 3600)
            ),
            tag, sub, 'Sampleton', if(scopes.country_code = 'CA', 'CAN', 'USA'),
            'Parcel seen in Sampleton'
        ])
    end as line
from checkpoints
inner join scopes on checkpoints.scope_id = scopes.scope_id
inner join documents
    on documents.layout
    = if(checkpoints.seller_no = 1, 'checkpoints', 'aftership')
where seen_at <= getvariable('horizon');
