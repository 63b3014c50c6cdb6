{# Each day of a return from its start to its refund lies between two of the steps it
   passed, so mean days by stage add up to the mean end to end, and their changes to its
   change. Steps nobody tells are not guessed: the time runs on in the stage earlier. #}
{% set groups = 'seller_id, marketplace_code, channel, cohort_code' %}

with

segments as (

    select * from {{ ref('fct_return_segments') }}

),

months as (

    select
        {{ groups }},
        month_start_date,
        count(distinct return_key) as case_count,
        sum(segment_days) as total_days
    from segments
    group by {{ groups }}, month_start_date

),

stages as (

    select
        {{ groups }},
        stage_code
    from segments
    group by {{ groups }}, stage_code

),

sums as (

    select
        {{ groups }},
        month_start_date,
        stage_code,
        count(*) as passed_count,
        sum(segment_days) as stage_total_days,
        sum(segment_days * segment_days) as squared_days
    from segments
    group by {{ groups }}, month_start_date, stage_code

),

means as (

    select
        months.*,
        stages.stage_code,
        coalesce(sums.passed_count, 0) as passed_count,
        coalesce(sums.stage_total_days, 0) as stage_total_days,
        -- returns that did not pass the stage spent 0 days in it
        cast(coalesce(sums.stage_total_days, 0) as double) / months.case_count
            as mean_days,
        cast(months.total_days as double) / months.case_count as end_to_end_mean_days,
        -- squared standard error of the mean
        (
            coalesce(sums.squared_days, 0)
            - power(cast(coalesce(sums.stage_total_days, 0) as double), 2)
            / months.case_count
        ) / nullif(months.case_count * (months.case_count - 1), 0) as squared_error

    from months

    inner join stages
        on
            months.seller_id = stages.seller_id
            and months.marketplace_code = stages.marketplace_code
            and months.channel = stages.channel
            and months.cohort_code = stages.cohort_code

    left join sums
        on
            stages.seller_id = sums.seller_id
            and stages.marketplace_code = sums.marketplace_code
            and stages.channel = sums.channel
            and stages.cohort_code = sums.cohort_code
            and stages.stage_code = sums.stage_code
            and months.month_start_date = sums.month_start_date

),

changed as (

    select
        now.*,
        earlier.case_count as previous_case_count,
        earlier.mean_days as previous_mean_days,
        now.mean_days - earlier.mean_days as change_days,
        now.end_to_end_mean_days - earlier.end_to_end_mean_days as whole_change_days,
        1.959964 * sqrt(now.squared_error + earlier.squared_error) as margin_days
    from means as now
    left join means as earlier
        on
            now.seller_id = earlier.seller_id
            and now.marketplace_code = earlier.marketplace_code
            and now.channel = earlier.channel
            and now.cohort_code = earlier.cohort_code
            and now.stage_code = earlier.stage_code
            and now.month_start_date
            = cast({{ dbt.dateadd('month', 1, 'earlier.month_start_date') }} as date)

),

ranked as (

    select
        *,
        row_number() over (
            partition by {{ groups }}, month_start_date
            order by mean_days desc nulls last, stage_code asc nulls last
        ) as length_number,
        row_number() over (
            partition by {{ groups }}, month_start_date
            order by
                sign(whole_change_days) * change_days desc nulls last,
                stage_code asc nulls last
        ) as change_number
    from changed

)

select
    -- keys
    {{ groups }},
    month_start_date,
    stage_code,

    -- measures
    case_count,
    passed_count,
    {% for name in ['mean', 'previous_mean', 'change', 'end_to_end_mean'] %}
        cast({{ name }}_days as decimal(18, 6)) as {{ name }}_days,
    {% endfor %}
    cast(whole_change_days as decimal(18, 6)) as end_to_end_change_days,
    cast(stage_total_days as bigint) as stage_total_days,
    previous_case_count,
    cast(change_days - margin_days as decimal(18, 6)) as change_days_low,
    cast(change_days + margin_days as decimal(18, 6)) as change_days_high,

    -- flags
    length_number = 1 and mean_days > 0 as is_bottleneck,
    change_number = 1 and coalesce(whole_change_days * change_days > 0, false)
        as is_change_driver
from ranked
