{# Returns that went by all rules that could be judged on them, and what the others cost
   in steps done again and hand-offs. #}
with

variants as (

    select * from {{ ref('fct_return_variants') }}
    where is_counted

),

progress as (

    select * from {{ ref('fct_return_progress') }}
    where is_counted

),

populations as (

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        count(*) as return_count
    from progress
    where month_start_date is not null
    group by seller_id, marketplace_code, channel, month_start_date

),

summed as (

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        count(*) as traced_count,
        count(distinct variant_key) as variant_count,
        count(*) filter (where check_count > 0) as judged_count,
        count(*) filter (where check_count > 0 and deviation_count = 0)
            as conforming_count,
        count(*) filter (where check_count > 0 and rework_count > 0) as rework_count,
        count(*) filter (where revisit_count > 0) as revisiting_count,
        cast(sum(event_count) as bigint) as event_count,
        cast(sum(known_actor_count) as bigint) as known_actor_count,
        count(*) filter (where known_actor_count > 0) as known_actor_return_count,
        cast(sum(person_handoff_count) as bigint) as person_handoff_count,
        cast(sum(system_handoff_count) as bigint) as system_handoff_count
    from variants
    group by seller_id, marketplace_code, channel, month_start_date

),

counted as (

    select
        populations.*,
        coalesce(summed.traced_count, 0) as traced_count,
        coalesce(summed.variant_count, 0) as variant_count,
        coalesce(summed.judged_count, 0) as judged_count,
        coalesce(summed.conforming_count, 0) as conforming_count,
        coalesce(summed.rework_count, 0) as rework_count,
        coalesce(summed.revisiting_count, 0) as revisiting_count,
        coalesce(summed.event_count, 0) as event_count,
        coalesce(summed.known_actor_count, 0) as known_actor_count,
        coalesce(summed.known_actor_return_count, 0) as known_actor_return_count,
        coalesce(summed.person_handoff_count, 0) as person_handoff_count,
        coalesce(summed.system_handoff_count, 0) as system_handoff_count
    from populations
    left join summed
        on
            populations.seller_id = summed.seller_id
            and populations.marketplace_code = summed.marketplace_code
            and populations.channel = summed.channel
            and populations.month_start_date = summed.month_start_date

)

select
    *,
    {{ share('conforming_count', 'judged_count') }} as conforming_share,
    {{ wilson_bound('conforming_count', 'judged_count', 'low') }}
        as conforming_share_low,
    {{ wilson_bound('conforming_count', 'judged_count', 'high') }}
        as conforming_share_high,
    {{ share('rework_count', 'judged_count') }} as rework_share,
    {{ wilson_bound('rework_count', 'judged_count', 'low') }} as rework_share_low,
    {{ wilson_bound('rework_count', 'judged_count', 'high') }} as rework_share_high,
    cast(
        cast(person_handoff_count as double)
        / nullif(known_actor_return_count, 0) as decimal(18, 6)
    ) as person_handoffs_per_return,
    cast(
        cast(system_handoff_count as double)
        / nullif(known_actor_return_count, 0) as decimal(18, 6)
    ) as system_handoffs_per_return,
    {{ share('judged_count', 'return_count') }} as judged_share,
    {{ share('known_actor_count', 'event_count') }} as known_actor_share
from counted
