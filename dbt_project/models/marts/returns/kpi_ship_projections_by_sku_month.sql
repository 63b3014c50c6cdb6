{# The cohorts of `kpi_ship_cohorts_by_sku_month` with what is still to come, projected
   as for the marketplace but from the usual rate of the SKU's category. #}
with

cohorts as (

    select
        *,
        cast(developed_units as double) / shipped_quantity as developed,
        max(month_start_date) over (
            partition by seller_id, marketplace_code, channel
        ) as newest_month_start_date
    from {{ ref('kpi_ship_cohorts_by_sku_month') }}

),

assumed as (

    select *
    from {{ assumed_values('cohorts', 'newest_month_start_date', [
        'history_months', 'sku_prior_strength', 'minimum_delay_units'
    ]) }} as assumed_values

),

-- what the category usually comes to: months of which the window is over
usual as (

    select
        cohorts.seller_id,
        cohorts.marketplace_code,
        cohorts.channel,
        cohorts.category_name,
        cast(sum(cohorts.returned_quantity) as double)
        / sum(cohorts.shipped_quantity) as usual_rate

    from cohorts

    inner join assumed
        on
            cohorts.newest_month_start_date = assumed.assumed_date
            and cohorts.month_start_date >= {{ dbt.dateadd(
                'month', '-cast(assumed.history_months + 3 as integer)',
                'cohorts.newest_month_start_date'
            ) }}

    where cohorts.is_window_over and cohorts.is_rate_known
    group by
        cohorts.seller_id,
        cohorts.marketplace_code,
        cohorts.channel,
        cohorts.category_name

),

known as (

    select
        cohorts.*,
        usual.usual_rate,
        -- a rate not known stays so: of null and 0.99 the least is 0.99
        case when usual.usual_rate is not null then least((
            cohorts.returned_quantity + usual.usual_rate * assumed.sku_prior_strength
        ) / (cohorts.developed_units + assumed.sku_prior_strength), 0.99) end as rate,
        cast(cohorts.developed_units + assumed.sku_prior_strength as double)
            as rate_units,
        cohorts.shipped_quantity - cohorts.returned_quantity as open_units

    from cohorts

    inner join assumed
        on cohorts.newest_month_start_date = assumed.assumed_date

    left join usual
        on
            cohorts.seller_id = usual.seller_id
            and cohorts.marketplace_code = usual.marketplace_code
            and cohorts.channel = usual.channel
            and cohorts.category_name = usual.category_name
            and cohorts.delay_quantity >= assumed.minimum_delay_units

),

moments as (

    select
        *,
        case
            when is_rate_known and is_window_over then 0.0
            when is_rate_known
                then {{ further_units('open_units', 'rate', 'developed') }}
        end as further,
        {{ further_units_variance(
            'open_units', 'rate', 'developed', 'rate_units', 'delay_quantity'
        ) }} as further_variance
    from known

),

bounded as (

    select
        *,
        returned_quantity + further as projected,
        returned_quantity
        + floor({{ gamma_bound('further', 'further_variance', 'low') }}) as low_units,
        -- units are whole: the interval is widened to whole ones
        case when further is not null then returned_quantity + least(
            ceil({{ gamma_bound('further', 'further_variance', 'high') }}), open_units
        ) end as high_units
    from moments

)

select
    -- keys
    seller_id,
    marketplace_code,
    channel,
    month_start_date,
    sku,

    -- attributes
    asin,
    category_name,

    -- measures
    shipped_quantity,
    assumed_day_quantity,
    returned_quantity,
    late_returned_quantity,
    returned_share,
    cast(developed as decimal(9, 6)) as developed_share,
    cast(usual_rate as decimal(9, 6)) as category_return_rate,
    cast(projected as decimal(18, 4)) as projected_units,
    cast(low_units as bigint) as projected_low_quantity,
    cast(high_units as bigint) as projected_high_quantity,
    {{ share('projected', 'shipped_quantity') }} as projected_return_rate,
    {{ share('low_units', 'shipped_quantity') }} as projected_return_rate_low,
    {{ share('high_units', 'shipped_quantity') }} as projected_return_rate_high,

    -- flags
    is_rate_known,
    is_window_over,

    -- times
    window_end_date
from bounded
