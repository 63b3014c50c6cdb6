{# What if a segment's requests were granted unread: the work of reading them, against
   what was refused so far and would now be refunded, and returns made more lightly. No
   report says who the buyer is, so a segment is what is known of the order. #}
with

units as (

    select
        *,
        coalesce(unit_price_amount, refunded_amount, 0) as price,
        handling_rate_amount as handling,
        own_cost_amount as spent,
        case when is_refused or is_outside_policy or is_misstated then 1 else 0 end
            as is_bad
    from {{ ref('fct_policy_units') }}
    where is_requested and channel != 'fba'

),

monthly as (

    select
        units.seller_id,
        units.marketplace_code,
        units.channel,
        units.month_start_date,
        units.buyer_type,
        case when levels.is_by_value = 1 then units.value_band_code else 'all' end
            as value_band_code,
        units.currency_code,
        count(*) as cases,
        sum(case when units.is_judged then 1 else 0 end) as judged_cases,
        sum(units.is_bad) as bad_cases,
        sum(case when units.is_refused then 1 else 0 end) as refused_cases,
        sum(case when units.is_outside_policy then 1 else 0 end) as outside_cases,
        sum(case when units.is_misstated then 1 else 0 end) as misstated_cases,
        sum(units.handling) as handling,
        sum(case when units.is_refused then units.price else 0 end) as refused_value,
        sum(units.spent) as spent
    from units
    cross join (values (0), (1)) as levels (is_by_value)
    group by
        units.seller_id,
        units.marketplace_code,
        units.channel,
        units.month_start_date,
        units.buyer_type,
        case when levels.is_by_value = 1 then units.value_band_code else 'all' end,
        units.currency_code

),

windows as (

    select *
    from {{ trailing_sums(
        'monthly',
        [
            'marketplace_code', 'channel', 'buyer_type', 'value_band_code',
            'currency_code',
        ],
        [
            'cases', 'judged_cases', 'bad_cases', 'refused_cases', 'outside_cases',
            'misstated_cases', 'handling', 'refused_value', 'spent',
        ],
        ['trusted_extra_share', 'trusted_bad_share_limit', 'approval_work_ratio']
    ) }} as windows

),

judged as (

    select
        *,
        {{ share('bad_cases', 'judged_cases') }} as bad_share,
        {{ wilson_bound('bad_cases', 'judged_cases', 'low') }} as bad_share_low,
        {{ wilson_bound('bad_cases', 'judged_cases', 'high') }} as bad_share_high,
        approval_work_ratio * handling as saved,
        approval_work_ratio_low * handling as saved_low,
        approval_work_ratio_high * handling as saved_high,
        refused_value + trusted_extra_share * greatest(spent, 0) as lost,
        refused_value + trusted_extra_share_low * greatest(spent, 0) as lost_low,
        refused_value + trusted_extra_share_high * greatest(spent, 0) as lost_high
    from windows

)

select
    -- keys
    seller_id,
    marketplace_code,
    channel,
    month_start_date,
    buyer_type,
    value_band_code,
    currency_code,

    -- attributes
    case
        when bad_share_high <= trusted_bad_share_limit then 'trusted'
        when bad_share_low > trusted_bad_share_limit then 'not_trusted'
        else 'unclear'
    end as trust_code,

    -- measures
    cast(cases as bigint) as request_count,
    cast(judged_cases as bigint) as judged_count,
    cast(bad_cases as bigint) as bad_count,
    cast(refused_cases as bigint) as refused_count,
    cast(outside_cases as bigint) as outside_policy_count,
    cast(misstated_cases as bigint) as misstated_count,
    bad_share,
    bad_share_low,
    bad_share_high,
    cast(saved as decimal(18, 2)) as saved_amount,
    cast(refused_value as decimal(18, 2)) as refused_value_amount,
    cast(spent as decimal(18, 2)) as return_cost_amount,
    cast(lost as decimal(18, 2)) as exposure_amount,
    cast(saved - lost as decimal(18, 2)) as net_amount,
    cast(saved_low - lost_high as decimal(18, 2)) as net_low_amount,
    cast(saved_high - lost_low as decimal(18, 2)) as net_high_amount,

    -- flags
    is_current
from judged
