-- Weights that do not add up to 1 move every score; a curve whose worst is not below
-- its target, or its target not below its best, turns good into bad.
{{ config(meta={'dagster': {'ref': {'name': 'dim_score_weights'}}}) }}

select
    'weights from ' || cast(valid_from as {{ dbt.type_string() }}) as fault
from {{ ref('dim_score_weights') }}
group by valid_from
having sum(weight_share) != 1

union all

select 'curve of ' || part_code || ' in ' || marketplace_code as fault
from {{ ref('dim_score_curves') }}
where not (worst_share < target_share and target_share < best_share)

union all

-- bands that leave a gap or overlap give a score no band, or two
select 'band ' || bands.band_code as fault
from {{ ref('dim_score_bands') }} as bands
left join {{ ref('dim_score_bands') }} as better
    on
        bands.valid_from = better.valid_from
        and bands.band_order - 1 = better.band_order
where bands.upper_score != coalesce(better.lower_score, 100)
