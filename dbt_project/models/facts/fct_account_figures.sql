{# The older report gives each metric for several windows: the one of the metric's own
   window is taken. It ends at midnight, which is the day before. Contacts come as three
   numbers there, whose share is the rate; its checklist has the states. #}
with

health as (

    select
        *,
        {{ dbt.datediff('reporting_start_date', 'reporting_end_date', 'day') }}
            as frame_days
    from {{ ref('fct_account_health') }}

),

metrics as (

    select * from {{ ref('dim_account_metrics') }}

),

contacts as (

    select
        seller_id,
        marketplace_code,
        reporting_start_date,
        reporting_end_date,
        sum(metric_value) as contact_count,
        sum(case when metric_name != 'response_under24_hours' then metric_value end)
            as late_contact_count,
        max(metric_rate) is not null as is_contact_share
    from health
    where
        metric_name in (
            'response_under24_hours',
            'response_time_greater_than24_hours',
            'no_response_for_contacts_older_than24_hours'
        )
    group by seller_id, marketplace_code, reporting_start_date, reporting_end_date

),

states as (

    select
        seller_id,
        marketplace_code,
        metric_name,
        reporting_end_date,
        max(metric_status) as listed_status
    from health
    where report_code = 'performance_checklists' and frame_days = 0
    group by seller_id, marketplace_code, metric_name, reporting_end_date

),

figures as (

    select
        health.*,
        coalesce(metrics.metric_code, health.metric_name) as metric_code,
        case
            when metrics.channel in ('mfn', 'all') then metrics.channel
            else health.fulfillment_channel
        end as channel,
        states.listed_status,
        contacts.contact_count,
        contacts.late_contact_count,
        coalesce(contacts.is_contact_share, false) as is_contact_share,
        case when health.frame_days = metrics.window_days then 1 else 0 end
            as extra_days

    from health

    left join metrics
        on
            health.metric_name = metrics.amazon_metric_name
            and health.reporting_end_date
            between metrics.valid_from and metrics.valid_to

    left join states
        on
            health.seller_id = states.seller_id
            and health.marketplace_code = states.marketplace_code
            and metrics.amazon_status_metric_name = states.metric_name
            and health.reporting_end_date = states.reporting_end_date

    left join contacts
        on
            metrics.metric_code = 'contact_response_rate'
            and health.seller_id = contacts.seller_id
            and health.marketplace_code = contacts.marketplace_code
            and health.reporting_start_date = contacts.reporting_start_date
            and health.reporting_end_date = contacts.reporting_end_date

    where
        health.reporting_end_date is not null
        and (
            health.report_code = 'seller_performance'
            or health.frame_days in (metrics.window_days, metrics.window_days - 1)
        )

)

select
    -- keys
    account_health_key,
    seller_id,
    marketplace_code,

    -- attributes
    channel,
    metric_code,
    account_status,
    coalesce(metric_status, listed_status) as amazon_status,
    target_condition,

    -- measures
    cast(
        case
            when contact_count > 0 then 1 - late_contact_count / contact_count
            -- over no case Amazon states 0, which is no rate
            when contact_count is null and coalesce(base_count, 1) > 0 then metric_rate
        end as decimal(9, 6)
    ) as amazon_rate,
    target_value,
    cast(
        case
            when contact_count is null then defect_count
            when not is_contact_share then late_contact_count
        end as bigint
    ) as amazon_bad_count,
    cast(
        case
            when contact_count is null then base_count
            when not is_contact_share then contact_count
        end as bigint
    ) as amazon_base_count,

    -- times
    reporting_start_date as window_start_date,
    cast({{ dbt.dateadd('day', '-extra_days', 'reporting_end_date') }} as date)
        as window_end_date
from figures
