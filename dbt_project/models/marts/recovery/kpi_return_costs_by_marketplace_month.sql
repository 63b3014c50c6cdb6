{# What returns cost, part by part, and what they lost, by what they were about. Rows
   that are no unit carry money too; it is in here, so that the sums are those of the
   balance. #}
{%- set amounts = [
    'label_cost', 'handling_cost', 'charged_fee', 'removal_fee', 'claim', 'write_off',
    'return_cost', 'net_loss',
] %}

with

units as (

    select * from {{ ref('fct_return_recoveries') }}

),

summed as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        return_reason_family,
        fault_party,
        currency_code,

        -- measures
        count(case when is_counted then 1 end) as unit_count,
        count(case when not is_counted then 1 end) as uncounted_count,
        count(case when is_counted and not is_open then 1 end) as ended_count,
        count(case when is_counted then label_cost_amount end) as label_known_count,
        count(case when is_counted then handling_cost_amount end)
            as handling_known_count,
        count(case when is_counted then write_off_amount end) as write_off_known_count,
        {% for amount in amounts -%}
            cast(sum({{ amount }}_amount) as decimal(18, 2)) as {{ amount }}_amount,
        {% endfor -%}
        count(case when is_counted then net_loss_amount end) as net_loss_known_count,
        cast(sum(case when is_counted then return_cost_amount end) as decimal(18, 2))
            as unit_return_cost_amount,
        cast(sum(case when is_counted then net_loss_amount end) as decimal(18, 2))
            as unit_net_loss_amount
    from units
    group by
        seller_id, marketplace_code, channel, month_start_date, return_reason_family,
        fault_party, currency_code

)

select
    *,
    cast(
        round(cast(unit_return_cost_amount as double) / nullif(unit_count, 0), 2)
        as decimal(18, 2)
    ) as cost_per_unit_amount,
    cast(
        round(cast(unit_net_loss_amount as double) / nullif(net_loss_known_count, 0), 2)
        as decimal(18, 2)
    ) as net_loss_per_unit_amount,
    {{ share('net_loss_known_count', 'ended_count') }} as net_loss_known_share
from summed
