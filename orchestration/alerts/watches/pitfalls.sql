-- One row is a pitfall of a seller in its last month.
select
    seller_id,
    pitfall_code,
    stage_code,
    month_start_date,
    case_count,
    evidence_count,
    evidence_share,
    is_flagged,
    'seller' as scope_code,
    concat_ws('/', seller_id, pitfall_code, stage_code) as subject_id
from kpi_pitfalls_by_marketplace_month
where marketplace_code = 'all' and channel = 'all'
qualify
    month_start_date = max(month_start_date) over (partition by seller_id)
order by subject_id
