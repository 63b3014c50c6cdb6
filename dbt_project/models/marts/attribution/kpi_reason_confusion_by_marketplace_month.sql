with

returns as (

    select
        *,
        {{ return_month() }} as month_start_date
    from {{ ref('fct_returns') }}

),

cells as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        stated_fault_party,
        coalesce(evidenced_fault_party, 'unassigned') as evidenced_fault_party,
        evidence_source,

        -- measures
        count(*) as return_count,
        cast(sum(returned_quantity) as bigint) as returned_quantity
    from returns
    where
        is_counted
        and attribution_verdict in ('agrees', 'contradicts')
    group by
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        stated_fault_party,
        evidenced_fault_party,
        evidence_source

),

rows_summed as (

    select
        *,
        cast(sum(return_count) over (
            partition by
                seller_id, marketplace_code, channel, month_start_date,
                stated_fault_party, evidence_source
        ) as bigint) as stated_return_count
    from cells

)

select
    *,
    {{ share('return_count', 'stated_return_count') }} as evidenced_share,
    {{ wilson_bound('return_count', 'stated_return_count', 'low') }}
        as evidenced_share_low,
    {{ wilson_bound('return_count', 'stated_return_count', 'high') }}
        as evidenced_share_high
from rows_summed
