{# Every month has a row for every part. A part without cases has no points and its
   weight goes to the others in proportion. #}
with

shares as (

    select * from {{ ref('kpi_score_shares_by_marketplace_month') }}

),

curves as (

    select * from {{ ref('dim_score_curves') }}

),

weights as (

    select * from {{ ref('dim_score_weights') }}

),

months as (

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date
    from shares
    group by seller_id, marketplace_code, channel, month_start_date

),

spread as (

    select
        months.seller_id,
        months.marketplace_code,
        months.channel,
        months.month_start_date,
        weights.part_code,
        weights.weight_share,
        coalesce(shares.good_count, 0) as good_count,
        coalesce(shares.case_count, 0) as case_count,
        shares.part_share,
        shares.history_share,
        shares.shrunk_share,
        shares.shrunk_share_low,
        shares.shrunk_share_high,
        curves.worst_share,
        curves.target_share,
        curves.best_share,
        curves.target_score

    from months

    inner join weights
        on months.month_start_date between weights.valid_from and weights.valid_to

    left join shares
        on
            months.seller_id = shares.seller_id
            and months.marketplace_code = shares.marketplace_code
            and months.channel = shares.channel
            and months.month_start_date = shares.month_start_date
            and weights.part_code = shares.part_code

    left join curves
        on
            weights.part_code = curves.part_code
            and case
                when months.marketplace_code = 'all' then 'default'
                else months.marketplace_code
            end = curves.marketplace_code
            and months.month_start_date between curves.valid_from and curves.valid_to

),

scored as (

    select
        *,
        {{ curve_score('shrunk_share') }} as part_score,
        {{ curve_score('shrunk_share_low') }} as part_score_low,
        {{ curve_score('shrunk_share_high') }} as part_score_high
    from spread

)

select
    *,
    case
        when part_score is not null then {{ share(
            'weight_share',
            'sum(case when part_score is not null then weight_share end) over ('
            ~ 'partition by seller_id, marketplace_code, channel, month_start_date)'
        ) }}
    end as used_weight_share
from scored
