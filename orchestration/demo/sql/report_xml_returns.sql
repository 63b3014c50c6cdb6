-- Return requests as the XML report has them: one element a parcel, to the second, with
-- its items inside. Some elements hold the same item twice.
insert into report_lines by name
with

items as (

    select
        merchant_cases.*,
        documents.document_id,
        documents.pulled_at,
        scopes.decimals,
        scopes.currency_code,
        u(merchant_cases.parcel_key, 'doubled item') < 0.03
        and merchant_cases.quantity = 1
        and merchant_cases.line_count = 1 as is_doubled,
        concat(
            '<item_details>',
            element('item_name', offers.title),
            element('asin', offers.asin),
            element('return_reason_code', stated_code),
            element('merchant_sku', offers.sku),
            element('in_policy', is_in_policy),
            element('return_quantity', case_quantity),
            element('resolution', resolution),
            element('category', categories.name),
            element(
                'refund_amount',
                case when paid.first_at <= documents.pulled_at
                    then coins(paid.first_amount, scopes.decimals)
                end
            ),
            '</item_details>'
        ) as item
    from merchant_cases
    inner join scopes on merchant_cases.scope_id = scopes.scope_id
    inner join offers
        on merchant_cases.scope_id = offers.scope_id
        and merchant_cases.product_id = offers.product_id
    inner join categories on merchant_cases.category_id = categories.category_id
    inner join documents
        on merchant_cases.scope_id = documents.scope_id
        and documents.layout = 'xml_returns'
        and merchant_cases.requested_at >= documents.start_at
        and merchant_cases.requested_at < documents.end_at
        and merchant_cases.requested_at <= documents.pulled_at
    left join (
        select
            case_key,
            min(posted_at) as first_at,
            min(refunded) filter (where event_no = 0) as first_amount
        from refunds
        group by case_key
    ) as paid on merchant_cases.case_key = paid.case_key

)

select
    items.document_id,
    'return_details' as list_name,
    min(items.case_key) as sort_key,
    sum(if(is_doubled, 2, 1)) as row_count,
    0 as amount,
    concat(
        '<return_details>',
        string_agg(if(is_doubled, item || item, item), '' order by items.case_key),
        element('order_id', any_value(amazon_order_id)),
        element('order_date', zulu(any_value(purchase_at))),
        element(
            'amazon_rma_id',
            if(
                bool_or(is_returnless or parcels.label_kind = 'none'), null,
                any_value(parcels.rma_id)
            )
        ),
        element('return_request_date', zulu(any_value(requested_at))),
        element(
            'return_request_status',
            case
                when
                    any_value(status) != 'Rejected'
                    and later(any_value(requested_at), 1.2) > any_value(pulled_at)
                    and any_value(resolution) = 'StandardRefund'
                    then 'Pending'
                else any_value(status)
            end
        ),
        element(
            'a_to_z_claim',
            bool_or(refund_kind = 'a_to_z' and refunded_at <= pulled_at)
        ),
        element('is_prime', u(any_value(order_key), 'prime') < 0.03),
        if(
            any_value(parcels.label_kind) = 'prepaid',
            concat(
                '<label_details>',
                element('tracking_id', any_value(parcels.tracking_id)),
                element('return_carrier', any_value(parcels.carrier)),
                element('currency_code', any_value(currency_code)),
                element(
                    'label_cost',
                    coins(any_value(parcels.label_cost), any_value(decimals))
                ),
                element('label_type', 'AmazonPrePaidLabel'),
                '</label_details>'
            ),
            ''
        ),
        element('label_to_be_paid_by', any_value(parcels.payer)),
        element('return_type', 'C-Returns'),
        element(
            'order_amount',
            coins(
                cast(sum((unit_principal + unit_tax - unit_promotion) * quantity
                    + shipping) as bigint),
                any_value(decimals)
            )
        ),
        element('order_quantity', cast(sum(quantity) as bigint)),
        '</return_details>'
    ) as line
from items
inner join parcels on items.parcel_key = parcels.parcel_key
group by items.document_id, items.parcel_key;

-- Seller Fulfilled Prime: the flat report's lines of Prime orders, between commas.
insert into report_lines by name
select
    prime.document_id,
    report_lines.sort_key,
    0 as amount,
    csv(string_split(report_lines.line, chr(9))) as line
from report_lines
inner join documents as flat on report_lines.document_id = flat.document_id
inner join documents as prime
    on flat.scope_id = prime.scope_id
    and flat.report = 'GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE'
    and flat.window_start = prime.window_start
    and prime.layout = 'prime'
where string_split(report_lines.line, chr(9))[14] = 'Y';
