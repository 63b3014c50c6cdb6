-- One row is one return case: units of one order line that come back together, with
-- the true cause and the reason that is stated. Lines of one order may share a parcel;
-- what belongs to the parcel is drawn from its key.
create or replace temp table cases as
with

caused as (

    select
        returned_parts.*,
        case
            when
                not returned_parts.is_joint
                and u(returned_parts.case_key, 'bad lot') < returned_parts.bad_lot_share
                then (select cause_id from causes where cause = 'defective')
            else cause_weights.cause_id
        end as cause_id
    from returned_parts
    inner join month_categories
        on returned_parts.month_no * 10 + returned_parts.seller_no
        = month_categories.month_seller
        and u(returned_parts.chooser, 'category') >= month_categories.low
        and u(returned_parts.chooser, 'category') < month_categories.high
    inner join cause_weights
        on month_categories.category_id = cause_weights.category_id
        and u(returned_parts.parcel_key, 'cause') >= cause_weights.low
        and u(returned_parts.parcel_key, 'cause') < cause_weights.high

),

stated as (

    select
        caused.*,
        causes.cause,
        case
            when causes.cause in ('too_small', 'too_large') and caused.is_mis_sized
                then 'seller'
            when causes.cause = 'handling_damage' and caused.channel = 'mfn'
                then 'seller'
            else causes.fault
        end as fault,
        u(caused.parcel_key, 'misstated')
        < causes.misstated_share
        * case
            when causes.misstated_share > 0.5 then 1
            else conduct.misstatement
        end as is_misstated,
        stated_weights.stated_cause_id
    from caused
    inner join causes on caused.cause_id = causes.cause_id
    inner join conduct
        on caused.seller_no = conduct.seller_no
        and caused.month_no = conduct.month_no
    inner join stated_weights
        on caused.cause_id = stated_weights.cause_id
        and u(caused.parcel_key, 'stated') >= stated_weights.low
        and u(caused.parcel_key, 'stated') < stated_weights.high

)

-- What an action of the team's spares does not come back.
-- Since June 2026 a few returns state a code that no list has (an invented one).
select
    stated.* exclude (stated_cause_id, chooser),
    said.cause_id as stated_cause_id,
    said.cause as stated_cause,
    said.is_seller_paid,
    case
        when
            stated.purchase_at >= timestamp '2026-06-01'
            and u(stated.parcel_key, 'new code') < 0.012
            then case stated.channel
                when 'mfn' then 'CR-EXCESS_PACKAGING'
                else 'EXCESS_PACKAGING'
            end
        else codes.code
    end as stated_code,
    later(
        stated.delivered_at,
        case
            when u(stated.parcel_key, 'out of policy') < 0.015
                then 31 + u(stated.parcel_key, 'request') * 12
            else
                0.3 + u(stated.parcel_key, 'request')
                * u(stated.parcel_key, 'request too') * 27
        end
    ) as requested_at,
    u(stated.parcel_key, 'out of policy') >= 0.015 as is_in_policy
from stated
inner join causes as said
    on case
        when stated.is_misstated then stated.stated_cause_id else stated.cause_id
    end = said.cause_id
inner join codes
    on said.cause_id = codes.cause_id
    and stated.channel = codes.channel
    and u(stated.parcel_key, 'code') >= codes.low
    and u(stated.parcel_key, 'code') < codes.high
left join spared
    on stated.product_id = spared.product_id
    and stated.cause_id = spared.cause_id
    and cast(stated.purchase_at as date) >= spared.from_day
    and cast(stated.purchase_at as date) < spared.to_day
    and u(stated.case_key, 'spared') < spared.share
where spared.product_id is null;
