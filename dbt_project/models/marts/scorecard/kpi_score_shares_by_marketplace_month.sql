{# A part's share, raw and shrunk. Shrinking adds what else is known of the seller up to
   this month as if it were a few more cases: a month of three cases says little, one of
   three hundred speaks for itself. The month's own cases are not in its history, and a
   short history weighs no more than it holds, so nothing is counted twice. A channel is
   drawn to its own history: Amazon's handling says nothing of the seller's. #}
with

counts as (

    select * from {{ ref('kpi_score_counts_by_marketplace_month') }}

),

priors as (

    select * from {{ ref('dim_score_parameters') }}
    where parameter_code = 'prior_strength'

),

running as (

    select
        seller_id,
        channel,
        month_start_date,
        part_code,
        cast(sum(good_count) over (
            partition by seller_id, channel, part_code
            order by month_start_date asc nulls last
            rows between unbounded preceding and current row
        ) as bigint) as running_good_count,
        cast(sum(case_count) over (
            partition by seller_id, channel, part_code
            order by month_start_date asc nulls last
            rows between unbounded preceding and current row
        ) as bigint) as running_case_count
    from counts
    where marketplace_code = 'all'

),

joined as (

    select
        counts.*,
        running.running_good_count - counts.good_count as history_good_count,
        running.running_case_count - counts.case_count as history_case_count,
        cast(priors.parameter_value as double) as prior_cases

    from counts

    inner join running
        on
            counts.seller_id = running.seller_id
            and counts.channel = running.channel
            and counts.month_start_date = running.month_start_date
            and counts.part_code = running.part_code

    inner join priors
        on counts.month_start_date between priors.valid_from and priors.valid_to

),

added as (

    select
        *,
        good_count + coalesce(
            least(prior_cases, history_case_count)
            * history_good_count / nullif(history_case_count, 0),
            0
        ) as weighed_good_cases,
        case
            when case_count > 0
                then case_count + least(prior_cases, history_case_count)
        end as weighed_cases
    from joined

)

select
    -- keys
    seller_id,
    marketplace_code,
    channel,
    month_start_date,
    part_code,

    -- measures
    good_count,
    case_count,
    history_good_count,
    history_case_count,
    {{ share('good_count', 'case_count') }} as part_share,
    {{ share('history_good_count', 'history_case_count') }} as history_share,
    {{ share('weighed_good_cases', 'weighed_cases') }} as shrunk_share,
    {{ wilson_bound('weighed_good_cases', 'weighed_cases', 'low') }}
        as shrunk_share_low,
    {{ wilson_bound('weighed_good_cases', 'weighed_cases', 'high') }}
        as shrunk_share_high
from added
