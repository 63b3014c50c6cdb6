{# Which SKUs in which marketplaces an action touches, and the months it is judged on.
   Lines of one number are one action; a blank is everything. The narrowest thing a
   line names says what it can be compared with. The month in which an action starts
   belongs to neither side, unless it starts on the first; nor do months that reach
   past its end. #}
with

actions as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'started_date') }} as date) as start_month
    from {{ ref('fct_actions') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

marketplaces as (

    select * from {{ ref('dim_seller_marketplaces') }}
    where marketplace_code != 'all'

),

parameters as (

    select * from {{ ref('dim_cause_parameters') }}

),

scopes as (

    select
        seller_id,
        action_id,
        min(started_date) as started_date,
        min(start_month) as start_month,
        -- open as long as one of its lines is
        case when count(*) = count(ended_date) then max(ended_date) end as ended_date,
        case
            when max(coalesce(sku, asin)) is not null then 'product'
            when max(category_name) is not null then 'category'
            when not bool_or(is_for_all_marketplaces) then 'marketplace'
            else 'everything'
        end as scope_type
    from actions
    group by seller_id, action_id

),

dated as (

    select
        scopes.*,
        cast({{ dbt.dateadd(
            'month', '-parameters.action_before_months', 'start_month'
        ) }} as date) as before_from_date,
        case
            when scopes.started_date = scopes.start_month then scopes.start_month
            else cast({{ dbt.dateadd('month', 1, 'start_month') }} as date)
        end as after_from_date,
        parameters.action_before_months,
        parameters.action_after_months
    from scopes
    inner join parameters
        on scopes.start_month = parameters.month_start_date

)

select
    -- keys
    actions.seller_id,
    actions.action_id,
    marketplaces.marketplace_code,
    products.sku,

    -- attributes
    dated.scope_type,
    coalesce(max(products.category_name), 'unknown') as category_name,

    -- times
    dated.started_date,
    dated.ended_date,
    dated.before_from_date,
    cast({{ dbt.dateadd(
        'month', 'cast(floor(dated.action_before_months / 2.0) as integer)',
        'dated.before_from_date'
    ) }} as date) as late_from_date,
    dated.start_month as before_to_date,
    dated.after_from_date,
    least(
        cast({{ dbt.dateadd(
            'month', 'dated.action_after_months', 'dated.after_from_date'
        ) }} as date),
        coalesce(
            cast({{ dbt.date_trunc(
                'month', dbt.dateadd('day', 1, 'dated.ended_date')
            ) }} as date),
            cast('9999-12-31' as date)
        )
    ) as after_to_date

from actions

inner join dated
    on {{ equal_columns('actions', 'dated', ['seller_id', 'action_id']) }}

inner join marketplaces
    on
        actions.seller_id = marketplaces.seller_id
        and (
            actions.is_for_all_marketplaces
            or actions.marketplace_code = marketplaces.marketplace_code
        )

inner join products
    on
        actions.seller_id = products.seller_id
        and (actions.sku is null or actions.sku = products.sku)
        and (actions.asin is null or actions.asin = products.asin)
        and (
            actions.category_name is null
            or lower(actions.category_name) = lower(products.category_name)
        )

group by
    actions.seller_id,
    actions.action_id,
    marketplaces.marketplace_code,
    products.sku,
    {{ qualified([
        'scope_type', 'started_date', 'ended_date', 'before_from_date', 'start_month',
        'after_from_date', 'action_before_months', 'action_after_months'
    ], 'dated') }}
