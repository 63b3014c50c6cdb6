-- One row is one account metric of a marketplace and channel, as last judged.
select
    risks.seller_id,
    risks.marketplace_code,
    risks.channel,
    risks.metric_code,
    risks.judged_rate,
    risks.threshold_value as threshold_share,
    risks.own_base_count as case_count,
    'channel' as scope_code,
    case when risks.risk_status <> 'unknown' then risks.risk_status = 'over_threshold' end
        as is_over_threshold,
    case when risks.risk_status <> 'unknown' then risks.risk_status = 'warning' end
        as is_in_warning,
    case
        when risks.risk_status = 'unknown' then null
        when risks.is_trend_clear and risks.risk_status <> 'over_threshold'
            then risks.days_to_threshold
    end as days_to_threshold,
    concat_ws(
        '/', risks.seller_id, risks.marketplace_code, risks.channel, risks.metric_code
    ) as subject_id
from kpi_account_risk_by_marketplace_month as risks
where risks.threshold_value is not null
qualify
    risks.month_start_date
    = max(risks.month_start_date) over (partition by risks.seller_id)
order by subject_id
