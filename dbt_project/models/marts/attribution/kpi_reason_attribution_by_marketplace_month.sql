with

returns as (

    select
        *,
        {{ return_month() }} as month_start_date
    from {{ ref('fct_returns') }}

),

summed as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,

        -- measures
        count(*) as return_count,
        count(*) filter (where attribution_verdict = 'agrees') as agrees_count,
        count(*) filter (where attribution_verdict = 'contradicts')
            as contradicts_count,
        count(*) filter (where attribution_verdict = 'neutral') as neutral_count,
        count(*) filter (where attribution_verdict = 'no_evidence')
            as no_evidence_count
    from returns
    where is_counted and month_start_date is not null
    group by seller_id, marketplace_code, channel, month_start_date

),

judged as (

    select
        *,
        agrees_count + contradicts_count as judged_count
    from summed

)

select
    *,
    {{ share('agrees_count', 'judged_count') }} as attribution_share,
    {{ wilson_bound('agrees_count', 'judged_count', 'low') }} as attribution_share_low,
    {{ wilson_bound('agrees_count', 'judged_count', 'high') }}
        as attribution_share_high,
    {{ share('judged_count', 'return_count') }} as judged_share
from judged
