-- Seller-fulfilled return lines as each pull shows them. A blank is one space. An early
-- pull lacks delivery, refund and verdict, which a later one fills in.
insert into report_lines by name
with

refunded as (

    select
        case_key,
        min(posted_at) filter (where event_no = 0) as first_at,
        min(refunded) filter (where event_no = 0) as first_amount,
        min(posted_at) filter (where event_no = 1) as second_at,
        min(refunded) filter (where event_no = 1) as second_amount
    from refunds
    where case_key is not null
    group by case_key

),

seen as (

    select
        documents.document_id,
        documents.layout,
        documents.pulled_at,
        merchant_cases.*,
        parcels.* exclude (parcel_key),
        scopes.currency_code,
        scopes.decimals,
        scopes.marketplace_code,
        cast(local_time(merchant_cases.purchase_at, merchant_cases.zone_no) as date)
            as order_date,
        cast(local_time(merchant_cases.requested_at, merchant_cases.zone_no) as date)
            as request_date
    from merchant_cases
    inner join parcels on merchant_cases.parcel_key = parcels.parcel_key
    inner join scopes on merchant_cases.scope_id = scopes.scope_id
    inner join documents
        on merchant_cases.scope_id = documents.scope_id
        and documents.report = 'GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE'
        and merchant_cases.requested_at <= documents.pulled_at
    where
        request_date >= documents.window_start
        and request_date < documents.window_end

),

worded as (

    select
        seen.*,
        offers.sku,
        offers.asin,
        offers.title,
        categories.name as category,
        seen.status != 'Rejected'
        and later(seen.requested_at, 1.2) > seen.pulled_at
        and seen.resolution = 'StandardRefund' as is_pending,
        seen.received_date < cast(local_time(seen.pulled_at, seen.zone_no) as date)
            as is_arrived,
        seen.claimed_at <= seen.pulled_at as is_claimed,
        seen.decided_at <= seen.pulled_at as is_decided,
        case
            when u(seen.case_key, 'blank refund') < 0.22 then null
            when refunded.second_at <= seen.pulled_at
                then refunded.first_amount + refunded.second_amount
            when refunded.first_at <= seen.pulled_at then refunded.first_amount
        end as shown_refund
    from seen
    inner join offers
        on seen.scope_id = offers.scope_id
        and seen.product_id = offers.product_id
    inner join categories on seen.category_id = categories.category_id
    left join refunded on seen.case_key = refunded.case_key

)

select
    document_id,
    case_key as sort_key,
    case_key * 8 as return_key,
    0 as amount,
    concat_ws(
        chr(9), amazon_order_id, strftime(order_date, '%d-%b-%Y'),
        strftime(request_date, '%d-%b-%Y'),
        case when is_pending then 'Pending' else status end,
        case when is_returnless or label_kind = 'none' then ' ' else rma_id end, ' ',
        case label_kind
            when 'prepaid' then 'AmazonPrePaidLabel'
            when 'unpaid' then 'AmazonUnPaidLabel'
            else ' '
        end,
        case label_kind when 'none' then ' ' else coins(label_cost, decimals) end,
        case label_kind when 'prepaid' then currency_code else ' ' end,
        case label_kind when 'prepaid' then carrier else ' ' end,
        case label_kind when 'prepaid' then tracking_id else ' ' end, payer,
        case when refund_kind = 'a_to_z' and refunded_at <= pulled_at
            then 'Y'
            else 'N'
        end,
        case when u(order_key, 'prime') < 0.03 then 'Y' else 'N' end,
        asin, sku, title, case_quantity, stated_code,
        case when is_in_policy then 'Y' else 'N' end, 'C-Returns', resolution, ' ',
        case when is_arrived then strftime(received_date, '%d-%b-%Y') else ' ' end,
        coins(
            (unit_principal + unit_tax - unit_promotion) * quantity + shipping, decimals
        ),
        quantity,
        case when is_decided then claim_action else ' ' end,
        case when is_claimed then claim_id else ' ' end,
        case
            when is_decided then claim_state
            when is_claimed then 'PENDING_ACTION'
            else ' '
        end,
        case
            when not coalesce(is_claimed, false) then ' '
            when marketplace_code = 'DE' then strftime(claimed_at, '%d-%b-%Y %H:%M:%S')
            else strftime(claimed_at, '%d-%b-%Y')
        end,
        case when is_decided and claim_amount > 0
            then coins(claim_amount, decimals)
            else ' '
        end,
        case when shown_refund is null then ' ' else coins(shown_refund, decimals) end,
        case layout
            when 'mfn+item' then order_item_id
            when 'mfn+category'
                then concat_ws(chr(9), category, coins(unit_tax * quantity, decimals),
                    order_item_id)
        end
    ) as line
from worded;
