{# What became of each unit's goods in money, what its return cost, and the days until
   it could be sold again. Goods the seller has back count at cost, else at a price. #}
with

units as (

    select * from {{ ref('fct_return_outcomes') }}

),

unit_values as (

    select * from {{ ref('fct_return_unit_values') }}

),

handling as (

    select * from {{ ref('handling_costs') }}

),

parameters as (

    select * from {{ ref('recovery_parameters') }}
    where parameter_code = 'low_price_share'

),

valued as (

    select
        units.*,
        unit_values.grade_code,
        unit_values.return_reason_family,
        unit_values.fault_party,
        unit_values.list_price_amount,
        unit_values.recoverable_amount,
        unit_values.charged_fee_amount,
        unit_values.charged_label_amount,
        unit_values.received_date,
        case
            when units.outcome_code in ('restocked', 'removed')
                then units.cost_of_goods_amount
            when units.outcome_code = 'resold' then units.resale_amount
            when units.outcome_code = 'liquidated' then units.liquidation_amount
            when units.outcome_code = 'reimbursed' then units.reimbursed_amount
            -- a buyer who keeps what no refund is known of has bought it
            when
                units.outcome_code in ('kept_by_buyer', 'returned_to_buyer')
                and units.match_reason in ('closed', 'pending', 'no_settlement_data')
                then null
            when units.outcome_code not in ('open', 'none')
                then cast(0 as decimal(18, 2))
        end as recovered_amount,
        case
            when unit_values.received_date is null or not units.is_counted
                then cast(0 as decimal(18, 2))
            else handling.handling_amount
        end as handling_cost_amount,
        {{ dbt.datediff(
            'unit_values.received_date', 'units.outcome_date', 'day'
        ) }} as ended_days,
        parameters.parameter_value as low_price_share
    from units
    inner join unit_values
        on units.unit_key = unit_values.unit_key
    left join handling
        on
            units.channel = handling.channel
            and handling.currency_code in (units.currency_code, 'any')
            and units.return_date between handling.valid_from and handling.valid_to
    left join parameters
        on units.return_date between parameters.valid_from and parameters.valid_to

)

select
    -- keys
    unit_key,
    return_key,
    seller_id,
    marketplace_code,

    -- attributes
    channel,
    amazon_order_id,
    sku,
    outcome_code,
    grade_code,
    return_reason_family,
    fault_party,
    case
        when received_date is null or outcome_code = 'none' then 'not_received'
        when is_open then 'waiting'
        when outcome_code not in ('restocked', 'resold') then 'not_sellable'
        when ended_days >= 0 then 'sellable'
        else 'unknown'
    end as sellable_status,
    coalesce(currency_code, 'unknown') as currency_code,

    -- measures
    case
        when outcome_code in ('restocked', 'resold') and ended_days >= 0
            then cast(ended_days as integer)
    end as receipt_to_sellable_days,
    cost_of_goods_amount,
    list_price_amount,
    recovered_amount,
    recoverable_amount,
    cast(
        case
            when outcome_code not in ('resold', 'liquidated', 'donated', 'disposed')
                then null
            when recoverable_amount > recovered_amount
                then recoverable_amount - recovered_amount
            when recoverable_amount <= recovered_amount then 0
        end as decimal(18, 2)
    ) as forgone_amount,
    charged_label_amount as label_cost_amount,
    handling_cost_amount,
    charged_fee_amount,
    removal_fee_amount,
    claim_amount,
    cast(cost_of_goods_amount - recovered_amount as decimal(18, 2))
        as write_off_amount,
    cast(
        coalesce(charged_label_amount, 0) + coalesce(handling_cost_amount, 0)
        + coalesce(charged_fee_amount, 0) + coalesce(removal_fee_amount, 0)
        + coalesce(cost_of_goods_amount - recovered_amount, 0)
        - coalesce(claim_amount, 0) as decimal(18, 2)
    ) as return_cost_amount,
    cast(-net_amount as decimal(18, 2)) as net_loss_amount,

    -- flags
    is_counted,
    is_open,
    outcome_code in ('donated', 'disposed') as is_destroyed,
    outcome_code in ('resold', 'liquidated')
    and coalesce(recovered_amount < list_price_amount * low_price_share, false)
        as is_low_price,
    recovered_amount is not null and cost_of_goods_amount is not null
        as is_recovery_known,

    -- times
    return_date,
    received_date,
    outcome_date,
    month_start_date
from valued
