-- One row is what waits in one stage of a marketplace and channel at the end of the
-- data, beside what waited a month before.
with limits as (
    -- Where a band of seed backlog_age_bands begins.
    select 15 as aged_days
),

totals as (
    select
        seller_id,
        marketplace_code,
        channel,
        stage_code,
        month_start_date,
        sum(backlog_count) as case_count,
        sum(over_target_count) as over_target_count,
        sum(watched_backlog_count) as watched_backlog_count,
        sum(case when lower_days >= aged_days then backlog_count else 0 end)
            as aged_count,
        max(aged_days) as aged_days,
        max(oldest_days) as oldest_days
    from kpi_handling_backlog_by_marketplace_month
    cross join limits
    group by seller_id, marketplace_code, channel, stage_code, month_start_date
),

months as (
    select
        seller_id,
        max(month_start_date) as month_start_date
    from totals
    group by seller_id
)

select
    totals.seller_id,
    totals.marketplace_code,
    totals.channel,
    totals.stage_code,
    totals.case_count,
    totals.over_target_count,
    totals.aged_count,
    totals.aged_days,
    totals.oldest_days,
    previous.case_count as previous_case_count,
    'channel' as scope_code,
    totals.over_target_count / nullif(totals.case_count, 0) as over_target_share,
    totals.aged_count / nullif(totals.case_count, 0) as aged_share,
    totals.case_count / nullif(previous.case_count, 0) - 1 as grown_share,
    concat_ws(
        '/',
        totals.seller_id,
        totals.marketplace_code,
        totals.channel,
        totals.stage_code
    ) as subject_id
from totals
inner join months
    on
        totals.seller_id = months.seller_id
        and totals.month_start_date = months.month_start_date
left join totals as previous
    on
        totals.seller_id = previous.seller_id
        and totals.marketplace_code = previous.marketplace_code
        and totals.channel = previous.channel
        and totals.stage_code = previous.stage_code
        and totals.month_start_date = previous.month_start_date + interval 1 month
order by subject_id
