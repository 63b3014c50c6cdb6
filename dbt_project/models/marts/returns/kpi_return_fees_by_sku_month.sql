{# Amazon's returns processing fee: of the units shipped in a month, those that come
   back until the end of the second month after, beyond what the category may. #}
with

cohorts as (

    select * from {{ ref('kpi_ship_projections_by_sku_month') }}

),

ruled as (

    select
        cohorts.*,
        rules.fee_category_name,
        rules.threshold_share,
        rules.unit_fee_amount,
        rules.currency_code,
        case
            when rules.category_name is null then 'no_rule'
            when cohorts.shipped_quantity < rules.exempt_below_quantity then 'exempt'
            when rules.is_every_unit_charged then 'every_unit'
            when rules.threshold_share is null then 'threshold_unknown'
            else 'threshold'
        end as rule_status

    from cohorts

    left join {{ ref('dim_return_fee_rules') }} as rules
        on
            cohorts.marketplace_code = rules.marketplace_code
            and cohorts.channel = rules.channel
            and cohorts.category_name = rules.category_name
            and cohorts.month_start_date between rules.valid_from and rules.valid_to

),

-- how many units may come back before one is charged; parts of a unit are none
freed as (

    select
        *,
        case
            when rule_status = 'exempt' then shipped_quantity
            when rule_status = 'every_unit' then 0
            when rule_status = 'threshold'
                then cast(floor(threshold_share * shipped_quantity) as bigint)
        end as free_units
    from ruled

),

charged as (

    select
        *,
        case
            when is_rate_known and free_units is not null
                then greatest(returned_quantity - free_units, 0)
        end as charged,
        case
            when projected_units is not null and free_units is not null
                then greatest(projected_units - free_units, 0)
        end as projected_charged,
        case
            when projected_low_quantity is not null and free_units is not null
                then greatest(projected_low_quantity - free_units, 0)
        end as low_charged,
        case
            when projected_high_quantity is not null and free_units is not null
                then greatest(projected_high_quantity - free_units, 0)
        end as high_charged
    from freed

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
    fee_category_name,
    rule_status,
    case
        when charged is null then 'unknown'
        when rule_status = 'exempt' or high_charged = 0 then 'none'
        when charged > 0 then 'charged'
        when low_charged > 0 then 'certain'
        when projected_charged > 0 then 'likely'
        else 'possible'
    end as fee_risk_code,

    -- measures
    shipped_quantity,
    returned_quantity,
    late_returned_quantity,
    projected_units,
    projected_return_rate,
    projected_return_rate_low,
    projected_return_rate_high,
    threshold_share,
    cast(threshold_share - projected_return_rate as decimal(9, 6))
        as rate_below_threshold,
    cast(free_units as bigint) as free_quantity,
    cast(free_units - returned_quantity as bigint) as free_left_quantity,
    cast(charged as bigint) as charged_quantity,
    cast(projected_charged as decimal(18, 4)) as projected_charged_units,
    cast(low_charged as bigint) as projected_charged_low_quantity,
    cast(high_charged as bigint) as projected_charged_high_quantity,
    unit_fee_amount,
    cast(charged * unit_fee_amount as decimal(18, 2)) as fee_amount,
    cast(projected_charged * unit_fee_amount as decimal(18, 2)) as projected_fee_amount,
    currency_code,

    -- flags
    is_rate_known,
    is_window_over,

    -- times
    window_end_date,
    cast({{ dbt.dateadd('day', 7, 'window_end_date') }} as date) as charge_from_date,
    cast({{ dbt.dateadd('day', 15, 'window_end_date') }} as date) as charge_to_date
from charged
