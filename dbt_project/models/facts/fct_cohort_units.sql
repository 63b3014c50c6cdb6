{# When the units of a day's orders came back, on two clocks. Units of an order come in
   the order of their days, at most as many as were ordered; the rest of the order has
   no day. #}
with

orders as (

    -- an order has one marketplace, one channel and one moment of purchase
    select
        seller_id,
        amazon_order_id,
        min(marketplace_code) as marketplace_code,
        min(channel) as channel,
        sum(quantity) as ordered_units,
        max(case when shipped_date_source = 'ordered_date' then 1 else 0 end)
            as is_day_assumed,
        min(ordered_date_local) as ordered_date,
        min(shipped_date_local) as shipped_date
    from {{ ref('fct_order_lines') }}
    where is_counted and ordered_date_local is not null
    group by seller_id, amazon_order_id

),

returns as (

    select
        seller_id,
        amazon_order_id,
        returned_quantity,
        coalesce(requested_date, received_date) as returned_date,
        sum(returned_quantity) over (
            partition by seller_id, amazon_order_id
            order by
                coalesce(requested_date, received_date) asc nulls last,
                return_key asc nulls last
            rows between unbounded preceding and current row
        ) as units_until
    from {{ ref('fct_returns') }}
    where is_counted and order_match_class != 'none'

),

returned as (

    select
        orders.*,
        returns.returned_date,
        least(returns.units_until, orders.ordered_units) - least(
            returns.units_until - returns.returned_quantity, orders.ordered_units
        ) as units

    from orders

    inner join returns
        on
            orders.seller_id = returns.seller_id
            and orders.amazon_order_id = returns.amazon_order_id

),

sums as (

    select
        seller_id,
        amazon_order_id,
        sum(units) as units
    from returned
    group by seller_id, amazon_order_id

),

dated as (

    select * from returned

    union all

    select
        orders.*,
        cast(null as date) as returned_date,
        orders.ordered_units - coalesce(sums.units, 0) as units

    from orders

    left join sums
        on
            orders.seller_id = sums.seller_id
            and orders.amazon_order_id = sums.amazon_order_id

),

clocked as (

    select
        *,
        'order' as clock_code,
        ordered_date as cohort_date,
        0 as is_assumed
    from dated

    union all

    select
        *,
        'ship' as clock_code,
        shipped_date as cohort_date,
        is_day_assumed as is_assumed
    from dated
    where shipped_date is not null

)

select
    -- keys
    {{ surrogate_key([
        'seller_id', 'marketplace_code', 'channel', 'clock_code', 'cohort_date',
        'returned_date'
    ]) }} as cohort_unit_key,
    seller_id,
    marketplace_code,
    channel,
    clock_code,

    -- measures
    cast(sum(units) as bigint) as quantity,
    cast(sum(units * is_assumed) as bigint) as assumed_day_quantity,
    -- a buyer may ask before the parcel has left
    cast(case
        when returned_date < cohort_date then 0
        else {{ dbt.datediff('cohort_date', 'returned_date', 'day') }}
    end as integer) as return_days,

    -- flags
    returned_date is not null as is_returned,

    -- times
    cast({{ dbt.date_trunc('month', 'cohort_date') }} as date)
        as cohort_month_start_date,
    cohort_date,
    returned_date
from clocked
where units > 0
group by
    seller_id,
    marketplace_code,
    channel,
    clock_code,
    cohort_date,
    returned_date
