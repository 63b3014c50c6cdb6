-- One row is a pitfall of a seller in its last month.
select
    cases.seller_id,
    cases.pitfall_code,
    cases.stage_code,
    pitfalls.pitfall_name,
    pitfalls.pitfall_name_zh,
    cases.month_start_date,
    cases.case_count,
    cases.evidence_count,
    cases.evidence_share,
    cases.is_flagged,
    'seller' as scope_code,
    concat_ws('/', cases.seller_id, cases.pitfall_code, cases.stage_code) as subject_id
from kpi_pitfalls_by_marketplace_month as cases
inner join dim_pitfalls as pitfalls
    on
        cases.pitfall_code = pitfalls.pitfall_code
        and cases.stage_code = pitfalls.stage_code
        and cases.month_start_date >= pitfalls.valid_from
        and cases.month_start_date <= pitfalls.valid_to
where cases.marketplace_code = 'all' and cases.channel = 'all'
qualify
    cases.month_start_date
    = max(cases.month_start_date) over (partition by cases.seller_id)
order by subject_id
