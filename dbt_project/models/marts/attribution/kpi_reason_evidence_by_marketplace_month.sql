{# A finding that decides is not measured against itself: only one that a weightier
   source overruled or confirmed is compared. #}
with

findings as (

    select
        *,
        is_judged and not is_deciding as is_compared,
        is_judged and not is_deciding and attribution_verdict = deciding_verdict_type
            as is_confirmed
    from {{ ref('fct_reason_findings') }}

),

returns as (

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        return_count
    from {{ ref('kpi_reason_attribution_by_marketplace_month') }}

),

summed as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        evidence_source,

        -- measures
        count(*) as finding_count,
        count(*) filter (where attribution_verdict = 'agrees') as agrees_count,
        count(*) filter (where attribution_verdict = 'contradicts')
            as contradicts_count,
        count(*) filter (where attribution_verdict = 'neutral') as neutral_count,
        count(*) filter (where is_judged) as judged_count,
        count(*) filter (where is_deciding) as deciding_count,
        count(*) filter (where is_compared) as compared_count,
        count(*) filter (where is_confirmed) as confirmed_count
    from findings
    group by seller_id, marketplace_code, channel, month_start_date, evidence_source

)

select
    summed.*,
    returns.return_count,
    {{ share('summed.finding_count', 'returns.return_count') }} as found_share,
    {{ share('summed.agrees_count', 'summed.judged_count') }} as agrees_share,
    {{ wilson_bound('summed.agrees_count', 'summed.judged_count', 'low') }}
        as agrees_share_low,
    {{ wilson_bound('summed.agrees_count', 'summed.judged_count', 'high') }}
        as agrees_share_high,
    {{ share('summed.confirmed_count', 'summed.compared_count') }} as confirmed_share,
    {{ wilson_bound('summed.confirmed_count', 'summed.compared_count', 'low') }}
        as confirmed_share_low,
    {{ wilson_bound('summed.confirmed_count', 'summed.compared_count', 'high') }}
        as confirmed_share_high

from summed

inner join returns
    on
        summed.seller_id = returns.seller_id
        and summed.marketplace_code = returns.marketplace_code
        and summed.channel = returns.channel
        and summed.month_start_date = returns.month_start_date
