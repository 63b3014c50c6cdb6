-- One row is one step of one case, when it truly happened and for how many units,
-- whether or not a file tells it; what ends units is one row a unit.
create or replace temp table truth_events as
with

merchant as (

    select
        case_key,
        case_key * 8 as return_key,
        case_quantity,
        unnest([
            {stage: 'requested', seen_at: requested_at},
            {stage: if(status = 'Rejected', 'closed', 'authorised'),
                seen_at: answered_at},
            {
                stage: 'authorised',
                seen_at: if(seller_no = 1, again_answered_at, null)
            },
            {stage: 'label_issued',
                seen_at: if(label_kind = 'prepaid', later(answered_at, 0.01), null)},
            {
                stage: 'in_transit',
                seen_at: if(
                    label_kind = 'prepaid'
                    and (arrived_at is not null or refunded_at is not null),
                    first_scan_at, null
                )
            },
            {stage: 'received', seen_at: arrived_at},
            {stage: 'inspected', seen_at: inspected_at},
            {stage: 'decided', seen_at: decided_at},
            {
                stage: 'decided',
                seen_at: if(seller_no = 1, again_decided_at, null)
            }
        ], recursive := true)
    from noted

),

warehouse as (

    select
        case_key,
        case_key * 8 as return_key,
        case_quantity,
        unnest([
            {stage: 'requested', seen_at: requested_at},
            {stage: 'received', seen_at: received_at},
            {
                stage: 'replaced',
                seen_at: if(
                    is_replaced,
                    later(requested_at, 0.3 + u(case_key, 'sent again') * 2), null
                )
            }
        ], recursive := true)
    from warehouse_cases

),

paid as (

    select
        case_key,
        case_key * 8 as return_key,
        quantity as case_quantity,
        'refunded' as stage,
        posted_at as seen_at
    from refunds
    where case_key is not null

),

ended as (

    select
        case_key,
        return_key,
        1 as case_quantity,
        fate as stage,
        fate_at as seen_at
    from units
    where
        case_key is not null
        and fate not in ('kept_by_buyer', 'lost', 'returned_to_buyer')

),

steps as (

    select * from merchant
    union all by name
    select * from warehouse
    union all by name
    select * from paid
    union all by name
    select * from ended

)

select
    steps.case_key as case_id,
    steps.return_key as return_id,
    scopes.seller_id,
    scopes.marketplace_code,
    cases.channel,
    cases.amazon_order_id,
    offers.sku,
    steps.stage as stage_code,
    steps.seen_at as event_at,
    steps.case_quantity as quantity
from steps
inner join cases on steps.case_key = cases.case_key
inner join scopes on cases.scope_id = scopes.scope_id
inner join offers
    on cases.scope_id = offers.scope_id
    and cases.product_id = offers.product_id
where steps.seen_at <= getvariable('horizon')
order by case_id, event_at, stage_code, return_id;
