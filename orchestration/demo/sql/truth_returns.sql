-- One row is one returned line (seller-fulfilled) or unit (FBA) with its true cause and
-- days. Money that belongs to a case, parcel or claim stands on its first row only, so
-- that sums are right. `reported_…` is what the newest document that shows it says.
create or replace temp table truth_returns as
with

merchant as (

    select
        merchant_cases.*,
        case_key * 8 as return_key,
        case_quantity as return_quantity,
        cast(local_time(requested_at, zone_no) as date) as requested_date,
        true as has_request_date,
        arrived_at as true_received_at
    from merchant_cases

),

warehouse as (

    select
        warehouse_cases.*,
        case_key * 8 + cast(unnest(range(case_quantity)) as ubigint) as return_key,
        cast(1 as bigint) as return_quantity,
        cast(local_time(requested_at, zone_no) as date) as requested_date,
        false as has_request_date,
        cast(local_time(received_at, zone_no) as date) as received_date,
        received_at as true_received_at
    from warehouse_cases

),

returned as (

    select * exclude (received_at, is_redated, is_replaced) from warehouse
    union all by name
    select * exclude (free_label_share, is_returnless, is_dropped) from merchant

)

select
    returned.return_key as return_id,
    returned.case_key as case_id,
    returned.line_key as order_line_id,
    returned.parcel_key as parcel_id,
    scopes.seller_id,
    scopes.marketplace_code,
    returned.channel,
    returned.amazon_order_id,
    offers.sku,
    offers.asin,
    case
        when
            returned.resolution not like 'Returnless%'
            and parcels.label_kind != 'none'
            then parcels.rma_id
    end as amazon_rma_id,
    case
        when
            returned.channel = 'fba'
            and not returned.has_no_plate
            and not coalesce(shown_returns.is_old_layout, false)
            then 'LPNNC' || letters(returned.return_key, 'plate', 8)
    end as license_plate_number,
    returned.return_quantity as returned_quantity,
    returned.cause as true_cause,
    returned.fault as true_fault,
    returned.stated_cause,
    returned.stated_code as stated_reason_code,
    returned.is_misstated,
    returned.disposition as disposition_code,
    returned.status,
    returned.resolution,
    parcels.payer as label_payer,
    parcels.claim_id as safe_t_claim_id,
    case when parcels.claim_id is not null then parcels.claim_action end
        as safe_t_action_code,
    returned.requested_at,
    returned.requested_date,
    returned.true_received_at as received_at,
    returned.received_date,
    returned.redated_at,
    paid_back.first_refunded_at,
    case when returned.return_key % 8 = 0
        then cast(
            coins(coalesce(paid_back.refunded, 0), scopes.decimals) as decimal(18, 2)
        )
        else 0
    end as refunded_amount,
    case when parcels.lead_case_key = returned.case_key
        then cast(coins(parcels.label_cost, scopes.decimals) as decimal(18, 2))
        else 0
    end as label_cost_amount,
    case
        when
            parcels.lead_case_key = returned.case_key
            and parcels.claim_id is not null
            then cast(coins(parcels.claim_amount, scopes.decimals) as decimal(18, 2))
        else 0
    end as claim_amount,
    scopes.currency_code,
    case
        when returned.channel = 'fba'
            then case
                when returned.redate_known_at <= shown_returns.last_pulled_at
                    then returned.redated_at
                else returned.true_received_at
            end
    end as reported_received_at,
    case
        when
            returned.channel = 'mfn'
            and returned.received_date
            < cast(local_time(shown_returns.last_pulled_at, returned.zone_no) as date)
            then returned.received_date
    end as reported_received_date,
    case
        when returned.channel = 'fba' then null
        when u(returned.case_key, 'blank refund') < 0.22 then null
        when paid_back.second_at <= shown_returns.last_pulled_at
            then cast(coins(paid_back.refunded, scopes.decimals) as decimal(18, 2))
        when paid_back.first_refunded_at <= shown_returns.last_pulled_at
            then cast(coins(paid_back.first_amount, scopes.decimals) as decimal(18, 2))
    end as reported_refunded_amount,
    case
        when
            parcels.decided_at <= shown_returns.last_pulled_at
            and parcels.claim_amount > 0
            then cast(coins(parcels.claim_amount, scopes.decimals) as decimal(18, 2))
    end as reported_claim_amount,
    coalesce(shown_returns.raw_row_count, 0) as raw_row_count,
    shown_returns.return_key is not null as is_in_files,
    returned.requested_at > getvariable('horizon') as is_after_period
from returned
inner join scopes on returned.scope_id = scopes.scope_id
inner join offers
    on returned.scope_id = offers.scope_id
    and returned.product_id = offers.product_id
left join parcels
    on returned.parcel_key = parcels.parcel_key
    and returned.channel = 'mfn'
left join paid_back on returned.case_key = paid_back.case_key
left join shown_returns on returned.return_key = shown_returns.return_key
order by return_id;
