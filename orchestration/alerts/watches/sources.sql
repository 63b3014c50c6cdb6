-- One row is a source that a seller has delivered before.
select
    seller_id,
    report_code,
    newest_data_date,
    age_days,
    max_age_days,
    age_days - max_age_days as late_days,
    'seller' as scope_code,
    concat_ws('/', seller_id, report_code) as subject_id
from fct_source_freshness
where has_landed
order by subject_id
