{# Amazon does not say when it marks an item as frequently returned. It shows sellers
   the return rate of 3 and of 12 months against similar products; so does this, with
   the seller's own other products of the category in place of similar ones. #}
with

cohorts as (

    select * from {{ ref('kpi_ship_cohorts_by_sku_month') }}
    where is_rate_known and developed_units is not null

),

months as (

    select
        seller_id,
        marketplace_code,
        month_start_date
    from cohorts
    group by seller_id, marketplace_code, month_start_date

),

-- what a SKU shipped in the months up to this one, also if nothing in this one
past as (

    select
        months.month_start_date as seen_month_start_date,
        assumed.*,
        cohorts.*,
        case when cohorts.month_start_date > {{ dbt.dateadd(
            'month', '-cast(assumed.risk_months_short as integer)',
            'months.month_start_date'
        ) }} then 1 end as is_short

    from months

    inner join {{ assumed_values('months', 'month_start_date', [
        'risk_months_short', 'risk_months_long', 'risk_minimum_units',
        'risk_ratio_watch', 'risk_ratio_high'
    ]) }} as assumed
        on months.month_start_date = assumed.assumed_date

    inner join cohorts
        on
            months.seller_id = cohorts.seller_id
            and months.marketplace_code = cohorts.marketplace_code
            and months.month_start_date >= cohorts.month_start_date
            and cohorts.month_start_date > {{ dbt.dateadd(
                'month', '-cast(assumed.risk_months_long as integer)',
                'months.month_start_date'
            ) }}

),

-- the badge stands on the product, whoever ships it
summed as (

    select
        seller_id,
        marketplace_code,
        seen_month_start_date as month_start_date,
        sku,
        category_name,
        max(asin) as asin,
        max(risk_minimum_units) as minimum_units,
        max(risk_ratio_watch) as ratio_watch,
        max(risk_ratio_high) as ratio_high,
        coalesce(sum(shipped_quantity * is_short), 0) as short_shipped,
        coalesce(sum(returned_quantity * is_short), 0) as short_returned,
        cast(coalesce(sum(developed_units * is_short), 0) as double) as short_units,
        sum(shipped_quantity) as long_shipped,
        sum(returned_quantity) as long_returned,
        cast(sum(developed_units) as double) as long_units,
        sum(sum(returned_quantity)) over (
            partition by
                seller_id, marketplace_code, seen_month_start_date, category_name
        ) - sum(returned_quantity) as peer_returned,
        cast(sum(sum(developed_units)) over (
            partition by
                seller_id, marketplace_code, seen_month_start_date, category_name
        ) - sum(developed_units) as double) as peer_units
    from past
    group by seller_id, marketplace_code, seen_month_start_date, sku, category_name

),

rated as (

    select
        *,
        {{ share('short_returned', 'greatest(short_units, short_returned)') }}
            as short_rate,
        {{ wilson_bound('short_returned', 'short_units', 'low') }} as short_rate_low,
        {{ share('long_returned', 'greatest(long_units, long_returned)') }}
            as long_rate,
        {{ wilson_bound('long_returned', 'long_units', 'low') }} as long_rate_low,
        {{ share('peer_returned', 'greatest(peer_units, peer_returned)') }}
            as peer_rate,
        short_units >= minimum_units as is_short_known
    from summed

)

select
    -- keys
    seller_id,
    marketplace_code,
    month_start_date,
    sku,

    -- attributes
    asin,
    category_name,
    case
        when
            long_units < minimum_units or peer_units < minimum_units
            or peer_returned = 0 then 'unknown'
        when
            (long_rate >= ratio_high * peer_rate and long_rate_low > peer_rate) or (
                is_short_known
                and short_rate >= ratio_high * peer_rate
                and short_rate_low > peer_rate
            ) then 'high'
        when
            long_rate >= ratio_watch * peer_rate
            or (is_short_known and short_rate >= ratio_watch * peer_rate) then 'watch'
        else 'low'
    end as badge_risk_code,

    -- measures
    cast(short_shipped as bigint) as short_shipped_quantity,
    cast(short_returned as bigint) as short_returned_quantity,
    cast(short_units as decimal(18, 4)) as short_developed_units,
    short_rate as short_return_rate,
    short_rate_low as short_return_rate_low,
    cast(long_shipped as bigint) as long_shipped_quantity,
    cast(long_returned as bigint) as long_returned_quantity,
    cast(long_units as decimal(18, 4)) as long_developed_units,
    long_rate as long_return_rate,
    long_rate_low as long_return_rate_low,
    cast(peer_returned as bigint) as peer_returned_quantity,
    cast(peer_units as decimal(18, 4)) as peer_developed_units,
    peer_rate as peer_return_rate
from rated
