{# What could be kept of a refund because the buyer sent the unit back worse than he
   got it, and what was kept. Only where the marketplace has a rule, an inspection
   looked and the price of the refunded goods is known; and only of a buyer at fault. #}
with

inspections as (

    select * from {{ ref('fct_inspections') }}
    where is_counted and return_key is not null

),

fees as (

    select * from {{ ref('restocking_fees') }}

),

tolerances as (

    select * from {{ ref('score_parameters') }}
    where parameter_code = 'full_refund_tolerance'

),

ruled_marketplaces as (

    select marketplace_code
    from fees
    group by marketplace_code

),

returns as (

    select * from {{ ref('fct_returns') }}

),

checks as (

    select * from {{ ref('fct_refund_checks') }}
    where is_amount_checked

),

refunded as (

    select * from {{ ref('fct_refunded_returns') }}

),

inspected as (

    select
        inspections.return_key,
        sum(inspections.linked_quantity * coalesce(fees.fee_share, 0)) as fee_units
    from inspections
    inner join ruled_marketplaces
        on inspections.marketplace_code = ruled_marketplaces.marketplace_code
    left join fees
        on
            inspections.marketplace_code = fees.marketplace_code
            and inspections.inspection_outcome_code = fees.inspection_outcome_code
            and coalesce(inspections.inspected_date, inspections.received_date)
            between fees.valid_from and fees.valid_to
    group by inspections.return_key

),

allowed as (

    select
        returns.return_key,
        returns.seller_id,
        returns.marketplace_code,
        checks.currency_code,
        cast(
            case
                when returns.evidenced_fault_party = 'buyer'
                    then
                        cast(checks.goods_price_amount as double)
                        * least(inspected.fee_units, refunded.refunded_quantity)
                        / refunded.refunded_quantity
                else 0
            end as decimal(18, 2)
        ) as allowed_fee_amount,
        cast(
            greatest(checks.goods_price_amount - checks.untaxed_refunded_amount, 0)
            as decimal(18, 2)
        ) as kept_fee_amount,
        checks.goods_price_amount * tolerances.parameter_value as tolerated_amount
    from inspected
    inner join returns
        on inspected.return_key = returns.return_key
    inner join checks
        on inspected.return_key = checks.return_key
    inner join refunded
        on inspected.return_key = refunded.return_key
    inner join tolerances
        on
            refunded.first_refunded_date_local
            between tolerances.valid_from and tolerances.valid_to
    where returns.channel = 'mfn' and refunded.refunded_quantity > 0

)

select
    -- keys
    return_key,
    seller_id,
    marketplace_code,

    -- attributes
    currency_code,

    -- measures
    allowed_fee_amount,
    kept_fee_amount,
    cast(case
        when allowed_fee_amount - kept_fee_amount > tolerated_amount
            then allowed_fee_amount - kept_fee_amount
        else 0
    end as decimal(18, 2)) as waived_fee_amount
from allowed
