with

parameters as (

    select * from {{ ref('dim_score_parameters') }}
    where parameter_code = 'minimum_judged_share'

),

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
    judged.*,
    {{ share('agrees_count', 'judged_count') }} as attribution_share,
    {{ wilson_bound('agrees_count', 'judged_count', 'low') }} as attribution_share_low,
    {{ wilson_bound('agrees_count', 'judged_count', 'high') }}
        as attribution_share_high,
    {{ share('judged_count', 'return_count') }} as judged_share,
    judged.judged_count
    >= parameters.parameter_value * judged.return_count as is_scored

from judged

inner join parameters
    on judged.month_start_date between parameters.valid_from and parameters.valid_to
