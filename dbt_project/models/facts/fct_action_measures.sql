{# What an action is judged by. A family it names is its aim, and the return rate
   stands beside it: a cause may only change its name. Without family and stage the
   return rate is the aim. A word nobody knows is kept as `unknown`, so that the action
   is seen. #}
{%- set action = ['seller_id', 'action_id'] %}

with

actions as (

    select
        *,
        coalesce(return_reason_family, stage_code, 'any') as aim_name
    from {{ ref('fct_actions') }}

),

scopes as (

    select * from {{ ref('fct_action_scopes') }}

),

words as (

    select * from {{ ref('action_words') }}

),

aims as (

    select
        actions.seller_id,
        actions.action_id,
        'cause_rate' as measure_code,
        coalesce(words.target_code, 'unknown') as target_code,
        true as is_target
    from actions
    left join words
        on
            words.word_type = 'reason_family'
            and actions.return_reason_family = words.stated_word
            and actions.started_date between words.valid_from and words.valid_to
    where actions.return_reason_family is not null

    union distinct

    select
        actions.seller_id,
        actions.action_id,
        'on_time_share' as measure_code,
        coalesce(words.target_code, 'unknown') as target_code,
        true as is_target
    from actions
    left join words
        on
            words.word_type = 'stage'
            and actions.stage_code = words.stated_word
            and actions.started_date between words.valid_from and words.valid_to
    where actions.stage_code is not null

    union distinct

    select
        seller_id,
        action_id,
        'return_rate' as measure_code,
        'any' as target_code,
        bool_and(return_reason_family is null) as is_target
    from actions
    where stage_code is null or return_reason_family is not null
    group by seller_id, action_id

),

-- another action on the same goods and measure within the months compared
clashes as (

    select
        own.seller_id,
        own.action_id,
        own.measure_code,
        count(distinct theirs.action_id) as other_action_count
    from aims as own
    inner join scopes
        on {{ equal_columns('own', 'scopes', action) }}
    inner join scopes as other_scopes
        on
            {{ equal_columns('scopes', 'other_scopes', [
                'seller_id', 'marketplace_code', 'sku'
            ]) }}
            and scopes.action_id != other_scopes.action_id
            and scopes.before_from_date <= other_scopes.started_date
            and scopes.after_to_date > other_scopes.started_date
    inner join aims as theirs
        on
            {{ equal_columns('other_scopes', 'theirs', action) }}
            and own.measure_code = theirs.measure_code
    group by own.seller_id, own.action_id, own.measure_code

)

select
    -- keys
    aims.seller_id,
    aims.action_id,
    aims.measure_code,
    aims.target_code,

    -- attributes
    max(actions.action_type) as action_type,
    max(actions.aim_name) as aim_name,
    max(actions.action_text) as action_text,

    -- measures
    max(actions.action_cost_amount) as action_cost_amount,
    max(actions.currency_code) as currency_code,
    coalesce(max(clashes.other_action_count), 0) as other_action_count,

    -- flags
    bool_and(aims.is_target) as is_target,

    -- times
    min(actions.started_date) as started_date

from aims

inner join actions
    on {{ equal_columns('aims', 'actions', action) }}

left join clashes
    on {{ equal_columns('aims', 'clashes', action + ['measure_code']) }}

group by aims.seller_id, aims.action_id, aims.measure_code, aims.target_code
