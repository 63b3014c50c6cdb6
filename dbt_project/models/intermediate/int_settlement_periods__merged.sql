{# Whole days for which a seller's settlements of a marketplace are at hand without a
   gap. A refund that is not in them was not paid in these days; outside them nobody
   knows, and on the day a settlement ends part of the day is outside. #}
with

settlements as (

    select
        *,
        cast(period_start_at as date) as start_date,
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

),

-- a second outwards and a day inwards: only a day that is covered to its last second
bounded as (

    select
        seller_id,
        marketplace_code,
        {{ dbt.dateadd('second', -1, 'min(period_start_at)') }} as before_start_at,
        {{ dbt.dateadd('second', 1, 'max(period_end_at)') }} as after_end_at
    from numbered
    group by seller_id, marketplace_code, period_number

)

select
    seller_id,
    marketplace_code,
    cast({{ dbt.dateadd('day', 1, 'before_start_at') }} as date) as covered_start_date,
    cast({{ dbt.dateadd('day', -1, 'after_end_at') }} as date) as covered_end_date
from bounded
