{# A cause repeats when enough returns of one product name it within three months and in
   more than one of them: a single bad week is no pattern. It is answered when the
   action log holds something about this product or this cause; work on the desk as a
   whole analyses no cause. Without any action log nobody can say. #}
{%- set keys = ['seller_id', 'marketplace_code', 'sku', 'return_reason_family'] %}

with

monthly as (

    select
        {% for key in keys %}{{ key }}, {% endfor -%}
        {{ return_month() }} as month_start_date,
        count(*) as return_count
    from {{ ref('fct_returns') }}
    where
        is_counted
        and is_controllable
        and sku is not null
        and coalesce(requested_date, received_date) is not null
    group by {{ keys | join(', ') }}, {{ return_month() }}

),

rules as (

    select * from {{ ref('pitfalls') }}
    where pitfall_code = 'cause_returns_unanalysed'

),

products as (

    select * from {{ ref('dim_products') }}

),

words as (

    select * from {{ ref('action_words') }}
    where word_type = 'reason_family'

),

logs as (

    select * from {{ ref('fct_source_freshness') }}
    where report_code = 'actions' and has_landed

),

-- a word may mean several families; one that no seed knows means itself
actions as (

    select
        actions.*,
        coalesce(words.target_code, actions.return_reason_family) as meant_family
    from {{ ref('fct_actions') }} as actions
    left join words
        on
            lower(actions.return_reason_family) = words.stated_word
            and actions.started_date between words.valid_from and words.valid_to
    where
        coalesce(
            actions.sku, actions.asin, actions.category_name,
            actions.return_reason_family
        ) is not null

),

windows as (

    select
        {{ qualified(keys, 'monthly') }},
        monthly.month_start_date,
        max(monthly.return_count) as return_count,
        cast(sum(earlier.return_count) as bigint) as window_return_count,
        count(*) as window_month_count
    from monthly
    inner join monthly as earlier
        on
            {{ equal_columns('monthly', 'earlier', keys) }}
            and earlier.month_start_date
            between cast(
                {{ dbt.dateadd('month', -2, 'monthly.month_start_date') }} as date
            ) and monthly.month_start_date
    group by
        {{ qualified(keys, 'monthly') }},
        monthly.month_start_date

)

select
    -- keys
    {{ qualified(keys, 'windows') }},
    windows.month_start_date,
    max(products.asin) as asin,
    max(products.category_name) as category_name,

    -- measures
    max(windows.return_count) as return_count,
    max(windows.window_return_count) as window_return_count,
    max(windows.window_month_count) as window_month_count,
    count(distinct actions.action_key) as action_count,

    -- flags
    max(windows.window_return_count) >= max(rules.repeat_return_count)
    and max(windows.window_month_count) >= max(rules.repeat_month_count)
        as is_repeated,
    count(logs.seller_id) > 0 as has_action_log,
    max(windows.window_return_count) >= max(rules.repeat_return_count)
    and max(windows.window_month_count) >= max(rules.repeat_month_count)
    and count(logs.seller_id) > 0
    and count(actions.action_key) = 0 as is_unanswered,

    -- times
    max(actions.started_date) as newest_action_date

from windows
inner join rules
    on windows.month_start_date between rules.valid_from and rules.valid_to
left join logs
    on windows.seller_id = logs.seller_id
left join products
    on windows.seller_id = products.seller_id and windows.sku = products.sku
left join actions
    on
        windows.seller_id = actions.seller_id
        and (
            actions.is_for_all_marketplaces
            or windows.marketplace_code = actions.marketplace_code
        )
        and windows.sku = coalesce(actions.sku, windows.sku)
        and (actions.asin is null or products.asin = actions.asin)
        and (
            actions.category_name is null
            or lower(products.category_name) = lower(actions.category_name)
        )
        and windows.return_reason_family
        = coalesce(actions.meant_family, windows.return_reason_family)
        and actions.started_date < cast(
            {{ dbt.dateadd('month', 1, 'windows.month_start_date') }} as date
        )
        and actions.started_date >= cast({{ dbt.dateadd(
            'day', '-rules.action_days', 'windows.month_start_date'
        ) }} as date)
group by
    {{ qualified(keys, 'windows') }},
    windows.month_start_date
