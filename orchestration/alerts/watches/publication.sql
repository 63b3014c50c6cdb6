-- One row is the published version: how old its newest data are by the calendar.
select
    max(data_as_of_date) as data_as_of_date,
    'home' as scope_code,
    'data' as subject_id,
    cast($today as date) - max(data_as_of_date) as data_age_days
from fct_source_freshness
