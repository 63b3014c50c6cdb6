{# Units with the one finding that decides and their money. Money is never added over
   currencies: what a unit has in a second one stands in a row of its own that is no
   unit, so that every cent is somewhere. #}
with

units as (

    select * from {{ ref('int_return_units__numbered') }}

),

findings as (

    select * from {{ ref('fct_return_unit_findings') }}
    where is_deciding

),

sums as (

    select * from {{ ref('fct_return_unit_sums') }}

),

places as (

    select * from {{ ref('fct_return_events') }}
    where is_furthest_place

),

sellers as (

    select * from {{ ref('dim_sellers') }}

),

ended as (

    select
        units.*,
        findings.outcome_source,
        findings.outcome_date,
        findings.grade_code,
        findings.evidence_key,
        sellers.data_as_of_date,
        case
            when
                units.not_counted_reason in (
                    'no_goods_refunded', 'refunded_twice', 'zero_quantity'
                )
                then 'none'
            else coalesce(findings.outcome_code, 'open')
        end as outcome_code,
        case
            when units.return_key is null then 'refunded'
            else coalesce(places.stage_code, 'requested')
        end as reached_stage_code

    from units

    inner join sellers
        on units.seller_id = sellers.seller_id

    left join findings
        on units.unit_key = findings.unit_key

    left join places
        on units.return_key = places.return_key

)

select
    -- keys
    case
        when coalesce(sums.currency_number, 1) = 1 then ended.unit_key
        else {{ surrogate_key(['ended.unit_key', 'sums.currency_code']) }}
    end as unit_key,
    ended.return_key,
    ended.refund_key,
    ended.seller_id,
    ended.marketplace_code,
    ended.evidence_key,

    -- attributes
    ended.channel,
    ended.amazon_order_id,
    ended.sku,
    ended.outcome_code,
    ended.outcome_source,
    case when ended.outcome_code = 'open' then ended.reached_stage_code end
        as open_stage_code,
    case when ended.outcome_code = 'resold' then ended.grade_code end as resale_grade,
    ended.match_class,
    ended.match_reason,
    case
        when sums.currency_number > 1 then 'other_currency'
        else ended.not_counted_reason
    end as not_counted_reason,
    coalesce(sums.currency_code, ended.home_currency_code) as currency_code,

    -- measures
    cast(ended.unit_number as bigint) as unit_number,
    cast(
        case
            when ended.outcome_code = 'open'
                then {{ dbt.datediff(
                    'ended.return_date', 'ended.data_as_of_date', 'day'
                ) }}
        end as integer
    ) as age_days,
    sums.refunded_amount,
    sums.reported_refund_amount,
    sums.return_fee_amount,
    sums.label_cost_amount,
    sums.removal_fee_amount,
    sums.claim_amount,
    sums.reimbursed_amount,
    sums.resale_amount,
    sums.liquidation_amount,
    sums.cost_of_goods_amount,
    sums.net_cash_amount,
    -- against a sale that had stood: goods that are back or sold again are worth that
    case
        when ended.outcome_code = 'resold' and sums.resale_amount is null then null
        when ended.outcome_code = 'liquidated' and sums.liquidation_amount is null
            then null
        when ended.outcome_code in ('restocked', 'removed')
            then cast(
                sums.net_cash_amount + sums.cost_of_goods_amount as decimal(18, 2)
            )
        when ended.outcome_code != 'open' then sums.net_cash_amount
    end as net_amount,

    -- flags
    ended.outcome_code = 'open' as is_open,
    ended.is_quantity_assumed,
    ended.not_counted_reason is null and coalesce(sums.currency_number, 1) = 1
        as is_counted,

    -- times
    ended.return_date,
    ended.refunded_date_local,
    ended.outcome_date,
    cast({{ dbt.date_trunc('month', 'ended.return_date') }} as date) as month_start_date

from ended

left join sums
    on ended.unit_key = sums.unit_key
