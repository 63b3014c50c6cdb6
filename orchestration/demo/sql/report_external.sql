-- Returns of the one marketplace that also tells them by API, as they stood when asked.
insert into report_lines by name
with

moved as (

    select
        noted.*,
        documents.document_id,
        documents.pulled_at,
        documents.start_at,
        documents.end_at,
        unnest([
            {step: 1, state: 'CREATED', since: requested_at},
            {
                step: 2,
                state: case status
                    when 'Rejected' then 'REJECTED'
                    when 'Cancelled' then 'CANCELLED'
                    else 'CARRIER_NOTIFIED_TO_PICK_UP_FROM_CUSTOMER'
                end,
                since: answered_at
            },
            {
                step: 3, state: 'PICKED_FROM_CUSTOMER',
                since: if(is_sent, first_scan_at, null)
            },
            {
                step: 4, state: 'IN_TRANSIT',
                since: if(is_sent, later(first_scan_at, 0.5), null)
            },
            {step: 5, state: 'DELIVERED', since: arrived_at},
            {step: 6, state: 'PROCESSED', since: decided_at}
        ], recursive := true)
    from (select *, arrived_at is not null as is_sent from noted) as noted
    inner join documents
        on noted.scope_id = documents.scope_id
        and documents.layout = 'external_returns'
    where not is_returnless and label_kind = 'prepaid'

),

stood as (

    select *
    from moved
    where since <= pulled_at
    qualify row_number() over (
        partition by document_id, case_key
        order by since desc, step desc
    ) = 1

)

select
    document_id,
    'returns' as list_name,
    case_key as sort_key,
    1 as row_count,
    0 as amount,
    to_json({
        id: 'R' || letters(case_key, 'external', 12),
        returnLocationId: 'DOCK',
        merchantSku: offers.sku,
        returnType: 'CUSTOMER',
        returnSubType: if(resolution like '%Replacement', 'REPLACEMENT', 'NORMAL'),
        numberOfUnits: case_quantity,
        status: state,
        creationDateTime: zulu(requested_at),
        lastUpdatedDateTime: zulu(since),
        returnMetadata: {
            returnReason: stated_code, rmaId: rma_id,
            fulfillmentOrderId: 'F' || digits(order_key, 'fulfilment', 9)
        },
        returnShippingInfo: {
            deliveryDateTime: if(arrived_at <= pulled_at, zulu(arrived_at), null),
            pickupDateTime: if(
                is_sent and first_scan_at <= pulled_at, zulu(first_scan_at), null
            ),
            reverseTrackingInfo: {
                carrierName: carrier, trackingId: tracking_id
            }
        },
        marketplaceChannelDetails: {
            customerOrderId: amazon_order_id,
            marketplaceChannel: {
                marketplaceName: 'AMAZON_' || scopes.marketplace_code,
                channelName: 'FBM'
            }
        },
        packageDeliveryMode: 'WITHOUT_OTP'
    }) || ',' as line
from stood
inner join scopes on stood.scope_id = scopes.scope_id
inner join offers
    on stood.scope_id = offers.scope_id
    and stood.product_id = offers.product_id
where since >= start_at and since < end_at;
