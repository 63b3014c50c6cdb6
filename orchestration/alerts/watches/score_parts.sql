-- One row is one part of a seller's score in the last month; without one nobody knows.
select
    parts.seller_id,
    parts.part_code,
    parts.month_start_date,
    parts.part_score,
    parts.good_count,
    parts.case_count,
    score_bands.band_order as band_number,
    'seller' as scope_code,
    concat_ws('/', parts.seller_id, parts.part_code) as subject_id
from kpi_score_parts_by_marketplace_month as parts
left join dim_score_bands as score_bands
    on
        parts.part_score >= score_bands.lower_score
        and (parts.part_score < score_bands.upper_score or score_bands.band_order = 1)
        and parts.month_start_date >= score_bands.valid_from
        and parts.month_start_date <= score_bands.valid_to
where parts.marketplace_code = 'all' and parts.channel = 'all'
qualify
    parts.month_start_date
    = max(parts.month_start_date) over (partition by parts.seller_id)
order by subject_id
