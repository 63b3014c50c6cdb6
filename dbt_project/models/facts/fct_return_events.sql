{# One telling of each stage and unit: what other sources say of the same units is
   counted beside it. Within a day on which some time is unknown the usual order of
   stages stands; otherwise the instants, whatever order they are in. #}
with

placed as (

    select * from {{ ref('int_return_events__placed') }}

),

returns as (

    select * from {{ ref('fct_returns') }}

),

stages as (

    select * from {{ ref('return_stages') }}

),

telling as (

    select
        *,
        greatest(unit_start, told_before_quantity) as event_start
    from placed
    where is_telling

),

-- who else tells of these units, and whether all name the same day
agreed as (

    select
        telling.return_key,
        telling.group_code,
        telling.source_code,
        telling.unit_end,
        count(distinct placed.source_code) as source_count,
        min(placed.event_date_local) != max(placed.event_date_local) as has_other_day
    from telling
    inner join placed
        on
            telling.return_key = placed.return_key
            and telling.group_code = placed.group_code
            and telling.event_start < placed.unit_end
            and telling.unit_end > placed.unit_start
    group by
        telling.return_key,
        telling.group_code,
        telling.source_code,
        telling.unit_end

),

joined as (

    select
        telling.*,
        agreed.source_count,
        coalesce(agreed.has_other_day, false) as has_other_day,
        stages.stage_number,
        stages.is_place_of_goods,
        returns.seller_id,
        returns.marketplace_code,
        returns.channel,
        returns.amazon_order_id,
        returns.sku,
        returns.is_counted,
        returns.not_counted_reason,
        max(case when telling.event_precision = 'day' then 1 else 0 end) over (
            partition by telling.return_key, telling.event_date_local
        ) as has_vague_day

    from telling

    inner join agreed
        on
            telling.return_key = agreed.return_key
            and telling.group_code = agreed.group_code
            and telling.source_code = agreed.source_code
            and telling.unit_end = agreed.unit_end

    inner join returns
        on telling.return_key = returns.return_key

    inner join stages
        on telling.stage_code = stages.stage_code

)

select
    -- keys
    {{ surrogate_key(['return_key', 'group_code', 'source_code', 'unit_end']) }}
        as return_event_key,
    return_key,
    seller_id,
    marketplace_code,
    evidence_key,
    agent_id,

    -- attributes
    channel,
    amazon_order_id,
    sku,
    stage_code,
    stated_event_name,
    source_code,
    actor_kind,
    event_precision,
    not_counted_reason,

    -- measures
    cast(unit_end - event_start as bigint) as quantity,
    cast(
        case
            when event_date_local is not null
                then row_number() over (
                    partition by return_key
                    order by
                        event_date_local nulls last,
                        case when has_vague_day = 1 then stage_number end nulls last,
                        event_at nulls last,
                        stage_number nulls last,
                        source_code nulls last,
                        unit_end nulls last
                )
        end as bigint
    ) as event_number,
    cast(source_count as bigint) as source_count,

    -- flags
    has_other_day,
    is_place_of_goods and row_number() over (
        partition by return_key, is_place_of_goods
        order by
            stage_number desc nulls last,
            event_date_local asc nulls last,
            source_code asc nulls last,
            unit_end asc nulls last
    ) = 1 as is_furthest_place,
    is_counted,

    -- times
    event_at,
    event_date_local
from joined
