{# Which days, settlements and lines of a month are at hand. Months run over the
   seller's whole span: a report that is missing in between shows as 0 days. #}
with

months as (

    select
        *,
        sum(covered_days) over (
            partition by seller_id, marketplace_code, report_code
        ) as delivered_days
    from {{ ref('dim_report_months') }}
    where marketplace_code != 'unknown'

),

documents as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'covered_from_date') }} as date)
            as month_start_date
    from {{ ref('fct_report_files') }}
    where covered_from_date is not null

),

settlements as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'period_end_at') }} as date) as month_start_date
    from {{ ref('fct_settlements') }}
    where period_end_at is not null

),

measured as (

    select
        seller_id,
        month_start_date,
        case
            when marketplace_code = 'all' then 'days_of_' || report_code
            else 'days_in_' || lower(marketplace_code) || '_of_' || report_code
        end as coverage_measure,
        cast(covered_days as bigint) as covered_count,
        cast(month_days as bigint) as total_count,
        case
            when delivered_days = 0 then 'the report was never delivered'
            when covered_days = 0 then 'missing: no document covers the month'
            when covered_days < month_days then 'the month is covered in part'
            else 'the month is covered'
        end as note
    from months
    -- one marketplace without a report is a choice, told for the seller as a whole
    where marketplace_code = 'all' or delivered_days > 0

    union all

    select
        seller_id,
        month_start_date,
        'rows_of_' || lake_table_name as coverage_measure,
        cast(sum(landed_row_count) as bigint) as covered_count,
        cast(sum(read_row_count) as bigint) as total_count,
        'lines landed of lines read, by the first month of their document' as note
    from documents
    group by seller_id, month_start_date, lake_table_name

    union all

    select
        seller_id,
        month_start_date,
        'settlements_reconciled' as coverage_measure,
        count(*) filter (where is_reconciled) as covered_count,
        count(*) as total_count,
        'lines add up to the stated total, by the month the period ends' as note
    from settlements
    group by seller_id, month_start_date

)

select
    *,
    {{ share('covered_count', 'total_count') }} as coverage_share
from measured
