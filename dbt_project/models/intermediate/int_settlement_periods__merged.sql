{# Days for which a seller's settlements of a marketplace are at hand without a gap. A
   refund that is not in them was not paid in these days; outside them nobody knows. #}
with

settlements as (

    select
        *,
        cast(period_start_at as date) as start_date,
        cast(period_end_at as date) as end_date,
        cast({{ dbt.dateadd('day', 1, 'period_end_at') }} as date) as next_date
    from {{ ref('int_settlements__marketplaces') }}
    where period_start_at is not null and period_end_at is not null

),

compared as (

    select
        *,
        max(next_date) over (
            partition by seller_id, marketplace_code
            order by start_date nulls last, settlement_key nulls last
            rows between unbounded preceding and 1 preceding
        ) as earlier_next_date
    from settlements

),

numbered as (

    select
        *,
        sum(
            case when start_date <= earlier_next_date then 0 else 1 end
        ) over (
            partition by seller_id, marketplace_code
            order by start_date nulls last, settlement_key nulls last
            rows between unbounded preceding and current row
        ) as period_number
    from compared

)

select
    seller_id,
    marketplace_code,
    min(start_date) as covered_start_date,
    max(end_date) as covered_end_date
from numbered
group by seller_id, marketplace_code, period_number
