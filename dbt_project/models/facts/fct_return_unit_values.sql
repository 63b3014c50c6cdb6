{# What was returned and what it could be worth: each unit with why it came back, the
   grade it was given, its list price of that day and what the grade can bring. #}
with

units as (

    select * from {{ ref('fct_return_outcomes') }}

),

returns as (

    select * from {{ ref('fct_returns') }}

),

versions as (

    select * from {{ ref('dim_product_versions') }}
    where list_price_amount is not null

),

numbered as (

    select * from {{ ref('int_return_units__numbered') }}

),

refunds as (

    select * from {{ ref('int_refunds__components') }}

),

grades as (

    select * from {{ ref('resale_grades') }}

),

graded as (

    -- the grade of the record that decides, else the best any other gave: what was
    -- found fit for sale and then destroyed keeps the grade it was found with
    select
        findings.unit_key,
        coalesce(
            min(case when findings.is_deciding then grades.grade_number end),
            min(grades.grade_number)
        ) as grade_number
    from {{ ref('fct_return_unit_findings') }} as findings
    inner join grades
        on
            findings.grade_code = grades.grade_code
            and coalesce(findings.outcome_date, cast('9999-12-31' as date))
            between grades.valid_from and grades.valid_to
    group by findings.unit_key

),

prices as (

    -- the price of the day its return began, the marketplace's own if there is one
    select
        units.unit_key,
        coalesce(
            max(
                case
                    when versions.marketplace_code = units.marketplace_code
                        then versions.list_price_amount
                end
            ),
            max(versions.list_price_amount)
        ) as list_price_amount
    from units
    inner join versions
        on
            units.seller_id = versions.seller_id
            and units.sku = versions.sku
            and units.currency_code = versions.currency_code
            and versions.marketplace_code in (units.marketplace_code, 'default')
            and units.return_date
            between versions.valid_from_date and versions.valid_to_date
    group by units.unit_key

)

select
    -- keys
    units.unit_key,
    units.return_key,
    units.seller_id,
    units.marketplace_code,

    -- attributes
    grades.grade_code,
    case
        when units.return_key is null then 'no_return'
        else coalesce(returns.return_reason_family, 'unclassified')
    end as return_reason_family,
    case
        when returns.evidenced_fault_party != 'unassigned'
            then returns.evidenced_fault_party
        else coalesce(returns.stated_fault_party, 'unassigned')
    end as fault_party,
    units.currency_code,

    -- measures
    prices.list_price_amount,
    cast(
        round(cast(prices.list_price_amount as double) * grades.resale_share, 2)
        as decimal(18, 2)
    ) as recoverable_amount,
    {{ unit_share(
        'refunds.charged_fee_amount', 'numbered.refund_unit_number',
        'numbered.refund_unit_count'
    ) }} as charged_fee_amount,
    case
        when returns.label_payer in ('buyer', 'amazon') then cast(0 as decimal(18, 2))
        when units.return_key is null or {{ label_is_used('returns') }}
            then units.label_cost_amount
        else cast(0 as decimal(18, 2))
    end as charged_label_amount,

    -- times
    returns.received_date

from units

left join returns
    on units.return_key = returns.return_key

-- a row of a second currency is no unit and has no such fee
left join numbered
    on units.unit_key = numbered.unit_key

left join refunds
    on numbered.refund_key = refunds.refund_key

left join prices
    on units.unit_key = prices.unit_key

left join graded
    on units.unit_key = graded.unit_key

left join grades
    on
        graded.grade_number = grades.grade_number
        and units.return_date between grades.valid_from and grades.valid_to
