{# Whether each source of a month is there, whole and as rich as it should be. Sources
   without months of their own (exports, masters, snapshots) stand in the newest month
   only, by their age. #}
{#- the two layouts of settlements are one source -#}
{%- set source = "case when left(report_code, 11) = 'settlements'"
    ~ " then 'settlements' else report_code end" %}
{%- set newest_month = dbt.date_trunc('month', 'data_as_of_date') %}
{%- set limit = "max(case when parameter_code = '%s' then parameter_value end)" %}

with

sources as (

    select
        seller_id,
        {{ source }} as source_code,
        cast({{ newest_month }} as date) as newest_month,
        max(newest_data_date) as newest_data_date,
        min(age_days) as age_days,
        max(max_age_days) as max_age_days,
        cast(sum(document_count) as bigint) as document_count,
        bool_or(is_late) as is_late
    from {{ ref('fct_source_freshness') }}
    where data_as_of_date is not null
    group by seller_id, {{ source }}, cast({{ newest_month }} as date)

),

parameters as (

    select * from {{ ref('dim_score_parameters') }}

),

monthly as (

    select * from {{ ref('kpi_source_rows_by_seller_month') }}

),

quarantined as (

    select
        seller_id,
        {{ source | replace('report_code', 'lake_table_name') }} as source_code,
        cast({{ dbt.date_trunc('month', 'covered_from_date') }} as date)
            as month_start_date,
        cast(sum(quarantined_row_count) as bigint) as quarantined_row_count
    from {{ ref('fct_report_files') }}
    where covered_from_date is not null
    group by
        seller_id,
        {{ source | replace('report_code', 'lake_table_name') }},
        cast({{ dbt.date_trunc('month', 'covered_from_date') }} as date)

),

limits as (

    select
        dates.date as month_start_date,
        {{ limit | format('minimum_coverage') }} as minimum_coverage,
        {{ limit | format('short_source_share') }} as short_source_share,
        {{ limit | format('short_source_rows') }} as short_source_rows
    from {{ ref('dim_dates') }} as dates
    inner join parameters
        on dates.date between parameters.valid_from and parameters.valid_to
    where dates.date = dates.month_start_date
    group by dates.date

),

measured as (

    select
        sources.*,
        limits.month_start_date,
        limits.minimum_coverage,
        limits.short_source_share,
        limits.short_source_rows,
        monthly.covered_days,
        monthly.month_days,
        monthly.row_count,
        monthly.expected_rows,
        {{ share('monthly.covered_days', 'monthly.month_days') }} as covered_share,
        coalesce(quarantined.quarantined_row_count, 0) as quarantined_row_count
    from sources
    left join monthly
        on
            sources.seller_id = monthly.seller_id
            and sources.source_code = monthly.report_code
    inner join limits
        on
            limits.month_start_date
            = coalesce(monthly.month_start_date, sources.newest_month)
    left join quarantined
        on
            {{ equal_columns('sources', 'quarantined', ['seller_id', 'source_code']) }}
            and limits.month_start_date = quarantined.month_start_date

),

judged as (

    select
        *,
        case
            when document_count = 0 then 'never_delivered'
            when
                is_late
                and coalesce(covered_share, 0) < 1
                and month_start_date
                >= cast({{ dbt.date_trunc('month', 'newest_data_date') }} as date)
                then 'late'
            when covered_days = 0 then 'missing'
            when covered_share < minimum_coverage then 'partial'
            when
                expected_rows >= short_source_rows
                and row_count < short_source_share * expected_rows
                then 'short'
            else 'whole'
        end as source_status
    from measured

)

select
    -- keys
    seller_id,
    month_start_date,
    source_code,
    source_status,

    -- measures
    covered_days,
    month_days,
    covered_share,
    row_count,
    expected_rows,
    quarantined_row_count,
    document_count,
    age_days,
    max_age_days,

    -- flags
    source_status not in ('whole', 'never_delivered') as is_doubtful,

    -- times
    newest_data_date
from judged
