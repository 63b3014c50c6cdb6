{# Whether a month of a report has as many rows as it should. Expected is what the three
   months before, and what the same month a year ago, had for each covered day; the
   lower of the two, because a season that is over is no gap. #}
{%- set own_rows = [
    ('all_orders', ref('fct_order_lines'), 'ordered_date_local', 'true'),
    ('fba_returns', ref('fct_returns'), 'received_date', "source_code = 'fba_returns'"),
    ('mfn_returns', ref('fct_returns'), 'requested_date',
     "source_code != 'fba_returns'"),
    ('settlements', ref('fct_refunds'), 'posted_date_local', 'true'),
    ('seller_feedback', ref('fct_feedback'), 'feedback_date', 'true'),
] %}

with

months as (

    select * from {{ ref('dim_report_months') }}
    where marketplace_code = 'all'

),

counted as (

    {% for report, fact, day, condition in own_rows -%}
        select
            seller_id,
            '{{ report }}' as report_code,
            cast({{ dbt.date_trunc('month', day) }} as date) as month_start_date,
            count(*) as found_rows
        from {{ fact }}
        where {{ condition }}
        group by seller_id, cast({{ dbt.date_trunc('month', day) }} as date)
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

filled as (

    select
        months.seller_id,
        months.report_code,
        months.month_start_date,
        cast(months.covered_days as bigint) as covered_days,
        cast(months.month_days as bigint) as month_days,
        cast(coalesce(counted.found_rows, 0) as bigint) as row_count
    from months
    left join counted
        on {{ equal_columns(
            'months', 'counted', ['seller_id', 'report_code', 'month_start_date']
        ) }}

),

-- months follow each other without a gap, so twelve rows back is a year
remembered as (

    select
        *,
        lag(row_count, 12) over (
            partition by seller_id, report_code
            order by month_start_date asc nulls last
        ) as season_rows,
        lag(covered_days, 12) over (
            partition by seller_id, report_code
            order by month_start_date asc nulls last
        ) as season_days,
        sum(row_count) over (
            partition by seller_id, report_code
            order by month_start_date asc nulls last
            rows between 3 preceding and 1 preceding
        ) as earlier_rows,
        sum(covered_days) over (
            partition by seller_id, report_code
            order by month_start_date asc nulls last
            rows between 3 preceding and 1 preceding
        ) as earlier_days
    from filled

),

expected as (

    select
        *,
        covered_days * cast(earlier_rows as double) / nullif(earlier_days, 0)
            as earlier_expected,
        covered_days * cast(season_rows as double) / nullif(season_days, 0)
            as season_expected
    from remembered

)

select
    -- keys
    seller_id,
    month_start_date,
    report_code,

    -- measures
    covered_days,
    month_days,
    row_count,
    cast(
        case
            when season_expected < earlier_expected then season_expected
            else coalesce(earlier_expected, season_expected)
        end as decimal(18, 2)
    ) as expected_rows
from expected
