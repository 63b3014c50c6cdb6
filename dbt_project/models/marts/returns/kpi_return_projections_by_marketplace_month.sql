{# Conditional on what has come back: of the units still out, each comes back with the
   chance that it was ever to, given that it has not yet. #}
with

development as (

    select * from {{ ref('kpi_return_development_by_marketplace_month') }}

),

assumed as (

    select *
    from {{ assumed_values(
        'development', 'seen_month_start_date', ['minimum_delay_units']
    ) }} as assumed_values

),

-- the cohort's own rate, as far as it has shown, drawn towards the usual one
known as (

    select
        development.*,
        usual.usual_return_rate,
        usual.prior_units,
        cast(development.developed_units as double)
        / nullif(development.cohort_quantity, 0) as developed,
        development.cohort_quantity - development.returned_quantity as open_units,
        cast(development.developed_units + usual.prior_units as double) as rate_units,
        -- returns ahead of all experience must not make it more than certain
        least((
            development.returned_quantity
            + cast(usual.usual_return_rate as double) * usual.prior_units
        ) / cast(development.developed_units + usual.prior_units as double), 0.99)
            as rate,
        case
            when not development.is_rate_known then 'no_coverage'
            when development.cohort_quantity = 0 then 'no_units'
            when
                coalesce(development.delay_quantity, 0) < assumed.minimum_delay_units
                or usual.cohort_quantity is null
                then 'too_little_history'
            else 'projected'
        end as projection_status

    from development

    inner join assumed
        on development.seen_month_start_date = assumed.assumed_date

    left join {{ ref('kpi_usual_return_rate_by_marketplace_month') }} as usual
        on
            development.seller_id = usual.seller_id
            and development.marketplace_code = usual.marketplace_code
            and development.channel = usual.channel
            and development.clock_code = usual.clock_code
            and development.seen_month_start_date = usual.month_start_date

),

moments as (

    select
        *,
        case
            when projection_status = 'projected'
                then {{ further_units('open_units', 'rate', 'developed') }}
        end as further,
        {{ further_units_variance(
            'open_units', 'rate', 'developed', 'rate_units', 'delay_quantity'
        ) }} as further_variance
    from known

),

-- units are whole: the interval is widened to whole ones
bounded as (

    select
        *,
        returned_quantity
        + floor({{ gamma_bound('further', 'further_variance', 'low') }}) as low_units,
        case when further is not null then returned_quantity + least(
            ceil({{ gamma_bound('further', 'further_variance', 'high') }}), open_units
        ) end as high_units,
        is_mature and developed < 1 and further is not null as is_checked
    from moments

)

select
    -- keys
    seller_id,
    marketplace_code,
    channel,
    clock_code,
    cohort_month_start_date,
    seen_month_number,

    -- attributes
    projection_status,

    -- measures
    cohort_quantity,
    assumed_day_quantity,
    returned_quantity,
    {{ share('returned_quantity', 'cohort_quantity') }} as returned_share,
    cast(developed as decimal(9, 6)) as developed_share,
    usual_return_rate,
    prior_units,
    cast(returned_quantity + further as decimal(18, 4)) as projected_units,
    cast(low_units as bigint) as projected_low_quantity,
    cast(high_units as bigint) as projected_high_quantity,
    {{ share('returned_quantity + further', 'cohort_quantity') }}
        as projected_return_rate,
    {{ share('low_units', 'cohort_quantity') }} as projected_return_rate_low,
    {{ share('high_units', 'cohort_quantity') }} as projected_return_rate_high,
    final_returned_quantity,
    case when is_mature then {{ share(
        'final_returned_quantity', 'final_cohort_quantity'
    ) }} end as final_return_rate,
    cast(case when is_checked then 1 else 0 end as bigint) as checked_count,
    cast(case
        when is_checked and final_returned_quantity between low_units and high_units
            then 1
        else 0
    end as bigint) as held_count,

    -- flags
    is_rate_known,
    is_mature,
    is_current,

    -- times
    seen_date
from bounded
