{# A part's share, raw and shrunk. Shrinking adds the seller's longer history (all
   marketplaces, this month and all before it) as if it were a few more cases: a month
   of three cases says little, one of three hundred speaks for itself. #}
with

counts as (

    select * from {{ ref('kpi_score_counts_by_marketplace_month') }}

),

priors as (

    select * from {{ ref('dim_score_parameters') }}
    where parameter_code = 'prior_strength'

),

history as (

    select
        seller_id,
        month_start_date,
        part_code,
        cast(sum(good_count) over (
            partition by seller_id, part_code
            order by month_start_date asc nulls last
            rows between unbounded preceding and current row
        ) as bigint) as history_good_count,
        cast(sum(case_count) over (
            partition by seller_id, part_code
            order by month_start_date asc nulls last
            rows between unbounded preceding and current row
        ) as bigint) as history_case_count
    from counts
    where marketplace_code = 'all'

),

joined as (

    select
        counts.*,
        history.history_good_count,
        history.history_case_count,
        cast(priors.parameter_value as double) as prior_cases,
        cast(history.history_good_count as double)
        / nullif(history.history_case_count, 0) as history_fraction

    from counts

    inner join history
        on
            counts.seller_id = history.seller_id
            and counts.month_start_date = history.month_start_date
            and counts.part_code = history.part_code

    inner join priors
        on counts.month_start_date between priors.valid_from and priors.valid_to

),

added as (

    select
        *,
        good_count + prior_cases * history_fraction as weighted_good_cases,
        case when case_count > 0 then case_count + prior_cases end as weighted_cases
    from joined

)

select
    -- keys
    seller_id,
    marketplace_code,
    month_start_date,
    part_code,

    -- measures
    good_count,
    case_count,
    history_good_count,
    history_case_count,
    {{ share('good_count', 'case_count') }} as part_share,
    {{ share('history_good_count', 'history_case_count') }} as history_share,
    {{ share('weighted_good_cases', 'weighted_cases') }} as shrunk_share,
    {{ wilson_bound('weighted_good_cases', 'weighted_cases', 'low') }}
        as shrunk_share_low,
    {{ wilson_bound('weighted_good_cases', 'weighted_cases', 'high') }}
        as shrunk_share_high
from added
