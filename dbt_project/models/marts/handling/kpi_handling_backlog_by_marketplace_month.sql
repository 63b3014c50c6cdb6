{# What waited at the end of each month; 0 from a stage's first month on. #}
with

stages as (

    select * from {{ ref('fct_return_stages') }}
    where is_counted

),

sellers as (

    select * from {{ ref('dim_sellers') }}

),

bands as (

    select * from {{ ref('dim_backlog_age_bands') }}

),

groups as (

    select
        seller_id,
        marketplace_code,
        channel,
        stage_code,
        min(month_start_date) as first_month_start_date
    from stages
    -- where nothing is known of any case, nothing is known to wait either
    where stage_status in ('finished', 'open', 'ended_before_start')
    group by seller_id, marketplace_code, channel, stage_code

),

months as (

    select
        month_start_date,
        max(date) as month_end_date
    from {{ ref('dim_dates') }}
    group by month_start_date

),

-- the month that is on ends with the seller's data
ends as (

    select
        groups.*,
        months.month_start_date,
        least(months.month_end_date, sellers.data_as_of_date) as backlog_date

    from groups

    inner join sellers
        on groups.seller_id = sellers.seller_id

    inner join months
        on
            groups.first_month_start_date <= months.month_start_date
            and sellers.data_as_of_date >= months.month_start_date

),

banded as (

    select
        ends.*,
        bands.age_band_code,
        bands.age_band_number,
        bands.lower_days,
        bands.upper_days
    from ends
    inner join bands
        on ends.backlog_date between bands.valid_from and bands.valid_to

),

waiting as (

    select
        ends.*,
        stages.target_days,
        {{ dbt.datediff('stages.started_date', 'ends.backlog_date', 'day') }}
            as age_days,
        stages.stage_status,
        stages.watched_days
    from ends
    inner join stages
        on
            ends.seller_id = stages.seller_id
            and ends.marketplace_code = stages.marketplace_code
            and ends.channel = stages.channel
            and ends.stage_code = stages.stage_code
            and ends.backlog_date >= stages.started_date
            and ends.backlog_date
            < coalesce(stages.ended_date, cast('9999-12-31' as date))
    where stages.stage_status in ('finished', 'open')

),

counted as (

    select
        banded.seller_id,
        banded.marketplace_code,
        banded.channel,
        banded.month_start_date,
        banded.stage_code,
        banded.age_band_code,
        banded.age_band_number,
        banded.lower_days,
        banded.upper_days,
        banded.backlog_date,
        count(waiting.age_days) as backlog_count,
        -- one that ended later was open for sure
        count(*) filter (
            where waiting.stage_status = 'finished'
            or waiting.watched_days >= waiting.age_days
        ) as watched_backlog_count,
        count(*) filter (where waiting.age_days > waiting.target_days)
            as over_target_count,
        cast(sum(waiting.age_days) as bigint) as backlog_total_days,
        cast(max(waiting.age_days) as integer) as oldest_days
    from banded
    left join waiting
        on
            banded.seller_id = waiting.seller_id
            and banded.marketplace_code = waiting.marketplace_code
            and banded.channel = waiting.channel
            and banded.stage_code = waiting.stage_code
            and banded.month_start_date = waiting.month_start_date
            and banded.lower_days <= waiting.age_days
            and coalesce(banded.upper_days, 999999) >= waiting.age_days
    group by
        banded.seller_id, banded.marketplace_code, banded.channel,
        banded.month_start_date, banded.stage_code, banded.age_band_code,
        banded.age_band_number, banded.lower_days, banded.upper_days,
        banded.backlog_date

)

select
    *,
    {{ share('over_target_count', 'backlog_count') }} as over_target_share,
    {{ share('watched_backlog_count', 'backlog_count') }} as watched_share
from counted
