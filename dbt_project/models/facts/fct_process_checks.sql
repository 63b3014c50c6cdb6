{# What the rules of the process (seed `process_rules`) say of each return. Steps are
   compared by their place among the return's events: within a day of which only the day
   is known the usual order holds, so nothing is called wrong that may have been right. #}
with

returns as (

    select
        *,
        coalesce(requested_date, received_date) as began_date,
        {{ return_month() }} as month_start_date
    from {{ ref('fct_returns') }}

),

rules as (

    select * from {{ ref('process_rules') }}

),

steps as (

    select * from {{ ref('fct_return_steps') }}

),

-- a missing step means something only while the seller's sources tell this step
tellings as (

    select
        seller_id,
        channel,
        stage_code,
        min(first_event_date) as first_told_date,
        max(last_event_date) as last_told_date
    from steps
    group by seller_id, channel, stage_code

),

judged as (

    select
        returns.*,
        rules.rule_code,
        rules.stage_code,
        rules.other_stage_code,
        rules.is_rework,
        other_steps.first_event_number as other_number,
        case when rules.rule_type = 'once' then own.repeat_evidence_key end
            as repeat_evidence_key,
        case rules.rule_type
            when 'requires'
                then
                    own.first_event_date
                    between tellings.first_told_date and tellings.last_told_date
            when 'not_before' then other_steps.first_event_number is not null
            when 'not_after' then other_steps.first_event_number is not null
            when 'once' then true
            when 'by_person'
                then
                    returns.has_stated_policy
                    and not returns.is_in_policy
                    and own.known_actor_count > 0
        end as is_judged,
        case
            when rules.rule_type = 'requires' and other_steps.return_key is null
                then own.first_event_number
            when
                rules.rule_type = 'not_before'
                and own.first_event_number < other_steps.first_event_number
                then own.first_event_number
            when
                rules.rule_type = 'not_after'
                and own.last_event_number > other_steps.first_event_number
                then own.last_event_number
            when rules.rule_type = 'once' then own.again_event_number
            when rules.rule_type = 'by_person' then own.system_event_number
        end as fault_number

    from returns

    inner join rules
        on
            (returns.channel = rules.channel or rules.channel = 'any')
            and returns.began_date between rules.valid_from and rules.valid_to

    inner join steps as own
        on
            returns.return_key = own.return_key
            and rules.stage_code = own.stage_code

    left join steps as other_steps
        on
            returns.return_key = other_steps.return_key
            and rules.other_stage_code = other_steps.stage_code

    left join steps as givens
        on
            returns.return_key = givens.return_key
            and rules.given_stage_code = givens.stage_code

    left join tellings
        on
            returns.seller_id = tellings.seller_id
            and returns.channel = tellings.channel
            and rules.other_stage_code = tellings.stage_code

    where
        own.first_event_number is not null
        and (
            rules.given_stage_code is null
            or givens.first_event_number < own.first_event_number
        )

)

select
    -- keys
    {{ surrogate_key(['return_key', 'rule_code']) }} as process_check_key,
    return_key,
    seller_id,
    marketplace_code,
    repeat_evidence_key,

    -- attributes
    channel,
    amazon_order_id,
    sku,
    rule_code,
    stage_code,
    other_stage_code,
    resolution_type,
    not_counted_reason,

    -- measures
    cast(fault_number as bigint) as fault_event_number,
    cast(other_number as bigint) as other_event_number,

    -- flags
    fault_number is not null as is_deviation,
    is_rework,
    has_a_to_z_claim,
    is_counted,

    -- times
    month_start_date
from judged
where is_judged
