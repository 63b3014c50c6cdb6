with

reports as (

    select * from {{ ref('kpi_report_coverage_by_seller_month') }}

),

returns as (

    select * from {{ ref('kpi_return_coverage_by_seller_month') }}

),

unioned as (

    select
        seller_id,
        month_start_date,
        coverage_measure,
        covered_count,
        total_count,
        coverage_share,
        note
    from reports

    union all

    select
        seller_id,
        month_start_date,
        coverage_measure,
        covered_count,
        total_count,
        coverage_share,
        note
    from returns

)

select * from unioned
