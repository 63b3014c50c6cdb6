-- One row is a place where more comes back than expected, in the last month judged.
select
    seller_id,
    cut_code,
    segment_code,
    return_reason_family,
    category_name,
    month_start_date,
    case_count,
    base_count,
    observed_ratio,
    recent_case_count,
    recent_base_count,
    is_new,
    is_growing,
    'segment' as scope_code,
    concat_ws('/', seller_id, cut_code, segment_code, return_reason_family)
        as subject_id
from kpi_cause_signals_by_segment_month
where
    is_signal
    and month_start_date = (
        select max(months.month_start_date)
        from kpi_cause_signals_by_segment_month as months
        where months.seller_id = kpi_cause_signals_by_segment_month.seller_id
    )
order by subject_id
