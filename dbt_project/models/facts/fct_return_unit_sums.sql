{# Money of a unit by kind and currency. A unit's own currency is that of its refund,
   else of its return, else of what came later. The cost of its goods converts to it by
   the newest rate of the day the return began; without a rate it is unknown. #}
{%- set amount_types = [
    'refunded', 'reported_refund', 'return_fee', 'label_cost', 'removal_fee', 'claim',
    'reimbursed', 'resale', 'liquidation', 'cost_of_goods',
] %}

with

amounts as (

    select
        *,
        -- an unknown currency is one of its own
        coalesce(currency_code, 'unknown') as currency_word
    from {{ ref('fct_return_unit_amounts') }}

),

units as (

    select * from {{ ref('int_return_units__numbered') }}

),

rates as (

    select * from {{ ref('fct_exchange_rates') }}

),

summed as (

    select
        unit_key,
        currency_word,
        {% for amount_type in amount_types -%}
            cast(
                sum(case when amount_type = '{{ amount_type }}' then unit_amount end)
                as decimal(18, 2)
            ) as {{ amount_type }}_amount,
        {% endfor -%}
        max(currency_code) as currency_code,
        min(
            case amount_type
                {% for amount_type in amount_types -%}
                    when '{{ amount_type }}' then {{ loop.index }}
                {% endfor -%}
            end
        ) as first_type_number
    from amounts
    group by unit_key, currency_word

),

numbered as (

    select
        *,
        row_number() over (
            partition by unit_key
            order by first_type_number nulls last, currency_word nulls last
        ) as currency_number,
        max(cost_of_goods_amount) over (partition by unit_key) as stated_cost_amount,
        max(case when cost_of_goods_amount is not null then currency_code end) over (
            partition by unit_key
        ) as cost_currency_code
    from summed

),

converted as (

    select
        numbered.*,
        units.seller_id,
        units.marketplace_code,
        case
            when numbered.currency_number > 1 then null
            when numbered.currency_code = numbered.cost_currency_code
                then numbered.stated_cost_amount
            else cast(
                round(
                    cast(numbered.stated_cost_amount as double)
                    * rates.conversion_factor, 2
                ) as decimal(18, 2)
            )
        end as own_cost_amount

    from numbered

    inner join units
        on numbered.unit_key = units.unit_key

    left join rates
        on
            units.seller_id = rates.seller_id
            and numbered.cost_currency_code = rates.from_currency_code
            and numbered.currency_code = rates.to_currency_code
            and units.return_date between rates.rate_date and rates.valid_to_date

)

select
    -- keys
    unit_key,
    seller_id,
    marketplace_code,
    currency_code,

    -- measures
    cast(currency_number as bigint) as currency_number,
    refunded_amount,
    reported_refund_amount,
    return_fee_amount,
    label_cost_amount,
    removal_fee_amount,
    claim_amount,
    reimbursed_amount,
    resale_amount,
    liquidation_amount,
    own_cost_amount as cost_of_goods_amount,
    -- what is known; null where nothing is
    cast(
        case
            when first_type_number < {{ amount_types | length }}
                then
                    coalesce(claim_amount, 0) + coalesce(reimbursed_amount, 0)
                    + coalesce(resale_amount, 0) + coalesce(liquidation_amount, 0)
                    - coalesce(refunded_amount, 0) - coalesce(reported_refund_amount, 0)
                    - coalesce(return_fee_amount, 0) - coalesce(label_cost_amount, 0)
                    - coalesce(removal_fee_amount, 0)
        end as decimal(18, 2)
    ) as net_cash_amount
from converted
-- costs in another currency than the unit's have been converted
where currency_number = 1 or first_type_number < {{ amount_types | length }}
