-- One row is one parcel of seller-fulfilled returns: its label and, for some, the claim
-- the seller raises afterwards. Reports repeat both on every line of the parcel.
create or replace temp table parcels as
with

leads as (

    select
        merchant_cases.*,
        causes.is_seller_paid as is_seller_paid_truly
    from merchant_cases
    inner join causes on merchant_cases.cause_id = causes.cause_id
    qualify row_number() over (
        partition by merchant_cases.parcel_key
        order by merchant_cases.case_key
    ) = 1

),

labelled as (

    select
        leads.*,
        scopes.claim_share,
        scopes.currency_code,
        carriers.carrier,
        carriers.tracking_start
        || digits(leads.parcel_key, 'tracking', carriers.tracking_digits // 2)
        || digits(
            leads.parcel_key,
            'tracking too',
            carriers.tracking_digits - carriers.tracking_digits // 2
        ) as tracking_id,
        case
            when leads.status in ('Closed', 'Cancelled', 'Rejected') then 'none'
            when leads.is_returnless or u(leads.parcel_key, 'unpaid label') < 0.02
                then 'unpaid'
            else 'prepaid'
        end as label_kind,
        carriers.label_cost as carrier_cost,
        case
            when u(leads.parcel_key, 'payer slip') < 0.01 then 'Amazon'
            when leads.is_misstated and u(leads.parcel_key, 'payer corrected') < 0.35
                then case
                    when leads.is_seller_paid_truly then 'Seller'
                    else 'Customer'
                end
            when
                leads.is_seller_paid
                or u(leads.parcel_key, 'free label') < leads.free_label_share
                then 'Seller'
            else 'Customer'
        end as payer
    from leads
    inner join scopes on leads.scope_id = scopes.scope_id
    inner join carriers
        on leads.scope_id = carriers.scope_id
        and u(leads.parcel_key, 'carrier') >= carriers.low
        and u(leads.parcel_key, 'carrier') < carriers.high

),

claimed as (

    select
        *,
        case when label_kind = 'prepaid' then carrier_cost else 0 end as label_cost,
        case
            when
                refund_kind in ('full', 'partial')
                and not is_returnless
                and label_kind = 'prepaid'
                and u(parcel_key, 'claim') < claim_share
                then later(refunded_at, 2 + u(parcel_key, 'claim time') * 20)
        end as claimed_at,
        is_misstated and u(parcel_key, 'wrong reason') < 0.6 as has_wrong_reason
    from labelled

),

-- Amazon's finding fits what came back: used goods are never found resellable.
judged as (

    select
        claimed.*,
        case
            when claimed.has_wrong_reason then 'BUYER_USED_WRONG_RETURN_REASON_CODE'
            when claimed.cause = 'used' then 'VALID_DIFFERENT_CONDITION_ITEM_RECEIVED'
            when
                verdicts.action = 'ORDER_IN_RE_SELLABLE_CONDITION'
                and claimed.cause in (
                    'defective', 'poor_quality', 'missing_parts', 'wrong_item',
                    'carrier_damage', 'handling_damage'
                )
                then 'CLAIM_CLOSED_MORE_INFO_REQUIRED'
            else verdicts.action
        end as claim_action
    from claimed
    inner join verdicts
        on u(claimed.parcel_key, 'verdict') >= verdicts.low
        and u(claimed.parcel_key, 'verdict') < verdicts.high

)

select
    judged.parcel_key,
    judged.case_key as lead_case_key,
    'D' || letters(judged.parcel_key, 'rma', 8) || 'RRMA' as rma_id,
    judged.carrier,
    judged.tracking_id,
    judged.label_kind,
    judged.label_cost,
    judged.payer,
    judged.claimed_at,
    case when judged.claimed_at is not null
        then
            digits(judged.parcel_key, 'claim a', 5)
            || '-' || digits(judged.parcel_key, 'claim b', 5)
            || '-' || digits(judged.parcel_key, 'claim c', 7)
    end as claim_id,
    later(judged.claimed_at, 2 + u(judged.parcel_key, 'decision') * 9) as decided_at,
    judged.claim_action,
    coalesce(verdicts.state, 'GRANT') as claim_state,
    cast(judged.label_cost * coalesce(verdicts.label_share, 1) as bigint)
        as claim_amount
from judged
left join verdicts on judged.claim_action = verdicts.action;
