{# The cases behind each part of the score, in one shape: how many, and how many of them
   good. The members `all` add counts up over a seller's marketplaces, over its channels
   and over both; never an average of their shares. #}
{%- set parts = [
    ('handling_time', 'within_target_count', 'due_count', 'is_scored',
     ref('kpi_handling_time_by_marketplace_month')),
    ('reason_attribution', 'agrees_count', 'judged_count', 'is_scored',
     ref('kpi_reason_attribution_by_marketplace_month')),
    ('refund_speed', 'on_time_count', 'due_count', 'true',
     ref('kpi_refund_speed_by_marketplace_month')),
    ('buyer_satisfaction', 'satisfied_order_count', 'covered_order_count', 'true',
     ref('kpi_buyer_satisfaction_by_marketplace_month')),
] %}

with

parts as (

    {% for part, good, cases, is_scored, mart in parts -%}
        select
            seller_id,
            marketplace_code,
            channel,
            month_start_date,
            '{{ part }}' as part_code,
            -- of returns too seldom judged the months stay, without cases
            case when {{ is_scored }} then {{ good }} end as good_cases,
            case when {{ is_scored }} then {{ cases }} end as cases
        from {{ mart }}
        {% if part == 'handling_time' -%}
            where is_scored
        {% endif -%}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

levels as (

    select
        listed.is_all_marketplaces,
        listed.is_all_channels
    from (
        values (false, false), (false, true), (true, false), (true, true)
    ) as listed (is_all_marketplaces, is_all_channels)

),

members as (

    select
        parts.seller_id,
        case when levels.is_all_marketplaces then 'all' else parts.marketplace_code end
            as marketplace_code,
        case when levels.is_all_channels then 'all' else parts.channel end as channel,
        parts.month_start_date,
        parts.part_code,
        parts.good_cases,
        parts.cases
    from parts
    cross join levels

)

select
    seller_id,
    marketplace_code,
    channel,
    month_start_date,
    part_code,
    cast(coalesce(sum(good_cases), 0) as bigint) as good_count,
    cast(coalesce(sum(cases), 0) as bigint) as case_count
from members
group by seller_id, marketplace_code, channel, month_start_date, part_code
