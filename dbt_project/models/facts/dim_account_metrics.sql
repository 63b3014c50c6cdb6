with

metrics as (

    select * from {{ ref('account_metrics') }}

)

select
    metric_code,
    metric_order,
    metric_name,
    part_of_metric_code,
    channel,
    amazon_metric_name,
    amazon_status_metric_name,
    window_days,
    is_higher_better,
    threshold_value,
    warning_value,
    trend_horizon_days,
    needed_reports_text,
    consequence_text,
    valid_from,
    valid_to
from metrics
