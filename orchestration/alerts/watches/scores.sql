-- One row is a seller, or one of its marketplaces, in the seller's last month; without
-- a score nobody knows.
select
    bands.seller_id,
    bands.marketplace_code,
    bands.month_start_date,
    bands.score,
    bands.band_code,
    score_bands.band_order as band_number,
    peers.weakest_part_code,
    peers.next_risk_code,
    peers.points_above_next_risk,
    case when bands.marketplace_code = 'all' then 'seller' else 'marketplace' end
        as scope_code,
    concat_ws('/', bands.seller_id, nullif(bands.marketplace_code, 'all')) as subject_id
from kpi_score_bands_by_marketplace_month as bands
left join dim_score_bands as score_bands
    on
        bands.band_code = score_bands.band_code
        and bands.month_start_date >= score_bands.valid_from
        and bands.month_start_date <= score_bands.valid_to
left join kpi_score_peers_by_marketplace_month as peers
    on
        bands.seller_id = peers.seller_id
        and bands.marketplace_code = peers.marketplace_code
        and bands.channel = peers.channel
        and bands.month_start_date = peers.month_start_date
where bands.channel = 'all'
qualify
    bands.month_start_date
    = max(bands.month_start_date) over (partition by bands.seller_id)
order by subject_id
