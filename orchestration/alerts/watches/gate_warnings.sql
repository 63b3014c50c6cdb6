-- One row is a question of the gate that warns and does not stop, with its answer.
select
    table_name,
    check_name,
    description as description_text,
    observed_text,
    'home' as scope_code,
    case when status in ('passed', 'failed') then status = 'failed' end as is_failed,
    concat_ws('/', table_name, check_name) as subject_id
from publication_checks
where severity = 'warning'
order by subject_id
