-- One row is a source in one of the last three months of a seller.
select
    seller_id,
    source_code,
    month_start_date,
    source_status,
    row_count,
    expected_rows,
    covered_share,
    'seller' as scope_code,
    source_status in ('short', 'missing') as is_short,
    concat_ws('/', seller_id, source_code, month_start_date) as subject_id
from kpi_source_trust_by_seller_month
qualify
    month_start_date
    >= max(month_start_date) over (partition by seller_id) - interval 2 month
order by subject_id
