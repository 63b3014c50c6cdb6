-- FBA returns as each pull shows them: one row a unit, under the date the fulfilment
-- centre gives it on the day of the pull. Units without a plate can look identical.
insert into report_lines by name
with

units as (

    select
        *,
        cast(unnest(range(case_quantity)) as ubigint) as unit_no
    from warehouse_cases
    where received_at is not null

),

seen as (

    select
        documents.document_id,
        documents.layout,
        documents.pulled_at,
        units.*,
        units.case_key * 8 + units.unit_no as return_key,
        case
            when units.redate_known_at <= documents.pulled_at then units.redated_at
            else units.received_at
        end as shown_at
    from units
    inner join documents
        on units.account = documents.account
        and documents.report = 'GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA'
        and units.received_at <= documents.pulled_at
    where shown_at >= documents.start_at and shown_at < documents.end_at

)

select
    seen.document_id,
    seen.return_key as sort_key,
    seen.return_key,
    0 as amount,
    concat_ws(
        chr(9), iso(seen.shown_at), seen.amazon_order_id, offers.sku, offers.asin,
        offers.fnsku, offers.title, 1,
        case
            when u(seen.case_key, 'centre') < 0.3
                then ['RIC2', 'YYZ4', 'CVG3', 'LTN4', 'LEJ1', 'KIX2'][seen.scope_id]
            else ['SDF4', 'YVR2', 'LEX1', 'EUK5', 'FRA7', 'NRT5'][seen.scope_id]
        end,
        seen.disposition,
        case
            when scopes.marketplace_code = 'JP' and u(seen.case_key, 'withheld') < 0.05
                then ''
            else seen.stated_code
        end,
        seen.status,
        case
            when seen.layout = 'fba_old' then null
            else
                concat_ws(
                    chr(9),
                    case
                        when seen.has_no_plate then ''
                        else 'LPNNC' || letters(seen.return_key, 'plate', 8)
                    end,
                    coalesce(comments.text, '')
                )
        end
    ) as line
from seen
inner join scopes on seen.scope_id = scopes.scope_id
inner join offers
    on seen.scope_id = offers.scope_id
    and seen.product_id = offers.product_id
left join comments
    on scopes.language = comments.language
    and seen.cause = comments.topic
    and comments.kind = 'return'
    and u(seen.case_key, 'comments') < 0.4
    and cast(floor(u(seen.case_key, 'words') * comments.choices) as integer)
    = comments.number;
