{# The cases behind each part of the score, in one shape: how many, and how many of them
   good. The member `all` is the seller as a whole: counts added over its marketplaces,
   never an average of their shares. #}
with

parts as (

    select
        seller_id,
        marketplace_code,
        month_start_date,
        'handling_time' as part_code,
        within_target_count as good_cases,
        due_count as cases
    from {{ ref('kpi_handling_time_by_marketplace_month') }}
    where is_scored

    union all

    select
        seller_id,
        marketplace_code,
        month_start_date,
        'reason_attribution' as part_code,
        -- the months stay, without cases: too few judged are no sample
        case when is_scored then agrees_count end as good_cases,
        case when is_scored then judged_count end as cases
    from {{ ref('kpi_reason_attribution_by_marketplace_month') }}

    union all

    select
        seller_id,
        marketplace_code,
        month_start_date,
        'refund_speed' as part_code,
        on_time_count as good_cases,
        due_count as cases
    from {{ ref('kpi_refund_speed_by_marketplace_month') }}

    union all

    select
        seller_id,
        marketplace_code,
        month_start_date,
        'buyer_satisfaction' as part_code,
        satisfied_order_count as good_cases,
        covered_order_count as cases
    from {{ ref('kpi_buyer_satisfaction_by_marketplace_month') }}

),

members as (

    select * from parts

    union all

    select
        seller_id,
        'all' as marketplace_code,
        month_start_date,
        part_code,
        good_cases,
        cases
    from parts

),

summed as (

    select
        seller_id,
        marketplace_code,
        month_start_date,
        part_code,
        cast(coalesce(sum(good_cases), 0) as bigint) as good_count,
        cast(coalesce(sum(cases), 0) as bigint) as case_count
    from members
    group by seller_id, marketplace_code, month_start_date, part_code

)

select * from summed
