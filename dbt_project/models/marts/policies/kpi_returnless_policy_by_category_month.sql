{# What if the buyer had kept the goods: what need not have been spent, against what the
   goods brought and against refunds that are only asked for because goods are free. #}
with

units as (

    select
        *,
        cast(
            coalesce(own_label_amount, 0) + coalesce(handling_cost_amount, 0)
            + coalesce(removal_fee_amount, 0) as decimal(18, 2)
        ) as saved,
        cast(recovered_amount + coalesce(claim_amount, 0) as decimal(18, 2))
            as recovered,
        refunded_amount as refunded
    from {{ ref('fct_policy_units') }}
    where is_returnless_candidate

),

-- each cell, and all categories and all reasons together; sums from which any window's
-- mean and spread follow
monthly as (

    select
        units.seller_id,
        units.marketplace_code,
        units.channel,
        units.month_start_date,
        case when levels.is_by_category = 1 then units.category_name else 'all' end
            as category_name,
        case when levels.is_by_reason = 1 then units.return_reason_family else 'all' end
            as return_reason_family,
        units.value_band_code,
        units.currency_code,
        count(*) as cases,
        sum(units.saved) as saved,
        sum(units.recovered) as recovered,
        sum(units.refunded) as refunded,
        sum((units.saved - units.recovered) * (units.saved - units.recovered))
            as squared_gain,
        sum((units.saved - units.recovered) * units.refunded) as gain_by_refund,
        sum(units.refunded * units.refunded) as squared_refund
    from units
    cross join
        (values (0, 0), (0, 1), (1, 0), (1, 1)) as levels (is_by_category, is_by_reason)
    group by
        units.seller_id,
        units.marketplace_code,
        units.channel,
        units.month_start_date,
        case when levels.is_by_category = 1 then units.category_name else 'all' end,
        case
            when levels.is_by_reason = 1 then units.return_reason_family else 'all'
        end,
        units.value_band_code,
        units.currency_code

),

windows as (

    select *
    from {{ trailing_sums(
        'monthly',
        [
            'marketplace_code', 'channel', 'category_name', 'return_reason_family',
            'value_band_code', 'currency_code',
        ],
        [
            'cases', 'saved', 'recovered', 'refunded', 'squared_gain', 'gain_by_refund',
            'squared_refund',
        ],
        ['returnless_extra_share', 'policy_minimum_units']
    ) }} as windows

),

-- per unit: what was saved less what was forgone less the refunds nobody had asked for
averaged as (

    select
        *,
        (saved - recovered - returnless_extra_share * refunded) / cases as mean_net,
        sqrt(greatest(
            squared_gain - 2 * returnless_extra_share * gain_by_refund
            + power(returnless_extra_share, 2) * squared_refund
            - power(saved - recovered - returnless_extra_share * refunded, 2) / cases,
            0.0
        ) / nullif(cases - 1, 0) / cases) as standard_error
    from windows

),

decided as (

    select
        *,
        saved - recovered - returnless_extra_share * refunded as net,
        saved - recovered - returnless_extra_share_high * refunded as net_low,
        saved - recovered - returnless_extra_share_low * refunded as net_high,
        mean_net - 1.959964 * standard_error as mean_low,
        mean_net + 1.959964 * standard_error as mean_high
    from averaged

)

select
    -- keys
    seller_id,
    marketplace_code,
    channel,
    month_start_date,
    category_name,
    return_reason_family,
    value_band_code,
    currency_code,

    -- attributes
    case
        when cases < policy_minimum_units then 'too_few'
        when net_low > 0 and mean_low > 0 then 'pays'
        when net_high < 0 and mean_high < 0 then 'costs'
        else 'unclear'
    end as policy_verdict_code,

    -- measures
    cast(cases as bigint) as unit_count,
    cast(saved as decimal(18, 2)) as saved_amount,
    cast(recovered as decimal(18, 2)) as forgone_amount,
    cast(refunded as decimal(18, 2)) as refunded_amount,
    cast(returnless_extra_share * refunded as decimal(18, 2)) as extra_refund_amount,
    cast(net as decimal(18, 2)) as net_amount,
    cast(net_low as decimal(18, 2)) as net_low_amount,
    cast(net_high as decimal(18, 2)) as net_high_amount,
    cast(mean_net as decimal(18, 2)) as mean_net_amount,
    cast(mean_low as decimal(18, 2)) as mean_net_low_amount,
    cast(mean_high as decimal(18, 2)) as mean_net_high_amount,
    cast((saved - recovered) / nullif(refunded, 0) as decimal(18, 6))
        as break_even_extra_ratio,

    -- flags
    is_current
from decided
