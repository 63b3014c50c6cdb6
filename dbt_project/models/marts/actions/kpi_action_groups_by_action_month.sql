{# Sold goods by month of order, once mature; handling by month the return began, only
   what the seller itself handles (mfn) and what is due. #}
{%- set cell = [
    'seller_id', 'marketplace_code', 'channel', 'sku', 'month_start_date'
] %}
{%- set action = ['seller_id', 'action_id'] %}
{%- set dates = [
    'scope_type', 'before_from_date', 'late_from_date', 'before_to_date',
    'after_from_date', 'after_to_date'
] %}

with

scopes as (

    select * from {{ ref('fct_action_scopes') }}

),

-- lines once for all families, cases once for each
cells as (

    select
        {{ qualified(cell, 'sold') }},
        sold.category_name,
        sold.return_reason_family as target_code,
        case when sold.return_reason_family = 'all' then 0 else sold.unit_count end
            as case_count,
        case when sold.return_reason_family = 'all' then sold.unit_count else 0 end
            as base_count
    from {{ ref('fct_cause_counts') }} as sold
    inner join {{ ref('dim_cohort_months') }} as cohorts
        on
            {{ equal_columns('sold', 'cohorts', cell[:3]) }}
            and sold.month_start_date = cohorts.order_month_start_date
    where sold.unit_type = 'order_line' and cohorts.is_mature

    union all

    select
        {{ qualified(cell, 'staged') }},
        products.category_name,
        staged.stage_code as target_code,
        case when staged.is_within_target then 1 else 0 end as case_count,
        1 as base_count
    from {{ ref('fct_return_stages') }} as staged
    left join {{ ref('dim_products') }} as products
        on staged.seller_id = products.seller_id and staged.sku = products.sku
    where staged.is_counted and staged.is_due and staged.channel = 'mfn'

),

aims as (

    select
        {{ action | join(', ') }},
        measure_code,
        target_code
    from {{ ref('fct_action_measures') }}
    union distinct
    select
        {{ action | join(', ') }},
        measure_code,
        'all' as target_code
    from {{ ref('fct_action_measures') }}
    where measure_code != 'on_time_share'

),

actions as (

    select
        {{ (action + dates) | join(', ') }}
    from scopes
    group by
        {{ (action + dates) | join(', ') }}

),

placed as (

    select
        actions.seller_id,
        actions.action_id,
        aims.measure_code,
        cells.month_start_date,
        case actions.scope_type
            when 'product'
                then
                    cells.channel || ' / ' || cells.marketplace_code
                    || ' / ' || coalesce(cells.category_name, 'unknown')
            when 'category' then cells.channel || ' / ' || cells.marketplace_code
            else cells.channel
        end as place_code,
        case
            when cells.month_start_date >= actions.after_from_date then 'after'
            when cells.month_start_date >= actions.late_from_date then 'late_before'
            else 'early_before'
        end as period_type,
        case when treated.sku is not null then 1 else 0 end as treated_factor,
        cells.case_count,
        cells.base_count
    from actions
    inner join aims
        on {{ equal_columns('actions', 'aims', action) }}
    inner join cells
        on
            aims.target_code = cells.target_code
            and (
                actions.seller_id = cells.seller_id
                or actions.scope_type = 'everything'
            )
            and actions.before_from_date <= cells.month_start_date
            and actions.after_to_date > cells.month_start_date
            and (
                actions.before_to_date > cells.month_start_date
                or actions.after_from_date <= cells.month_start_date
            )
    left join scopes as treated
        on
            {{ equal_columns('actions', 'treated', action) }}
            and {{ equal_columns('cells', 'treated', [
                'seller_id', 'marketplace_code', 'sku'
            ]) }}

)

select
    -- keys
    seller_id,
    action_id,
    measure_code,
    place_code,
    month_start_date,

    -- attributes
    max(period_type) as period_type,

    -- measures
    cast(sum(case_count * treated_factor) as bigint) as treated_case_count,
    cast(sum(base_count * treated_factor) as bigint) as treated_base_count,
    cast(sum(case_count * (1 - treated_factor)) as bigint) as comparison_case_count,
    cast(sum(base_count * (1 - treated_factor)) as bigint) as comparison_base_count

from placed
group by seller_id, action_id, measure_code, place_code, month_start_date
having sum(base_count * treated_factor) > 0
