{# Every telling of a stage, laid on the number line of the return's units by source.
   The source with the finest time tells a stage, the seed's rank decides between equals;
   others add only the units that go beyond those told before them. #}
with

told as (

    select * from {{ ref('int_return_events__unioned') }}

),

returns as (

    select * from {{ ref('int_returns__classified') }}

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

),

ranks as (

    select * from {{ ref('stage_sources') }}

),

dated as (

    select
        told.return_key,
        told.evidence_key,
        told.agent_id,
        told.stage_code,
        -- stages nobody knows are different stages
        case
            when told.stage_code = 'other'
                then coalesce(told.stated_event_name, 'other')
            else told.stage_code
        end as group_code,
        told.source_code,
        told.stated_event_name,
        told.actor_kind,
        told.event_at,
        case
            when told.event_at is not null then 'second'
            when told.event_date is not null then 'day'
            else 'none'
        end as event_precision,
        -- an instant falls on the marketplace's day, on the UTC day where it has none
        coalesce(
            {{ to_local_date('told.event_at', 'marketplaces.time_zone_name') }},
            cast(told.event_at as date),
            told.event_date
        ) as event_date_local,
        case
            when told.event_quantity > 0 then told.event_quantity
            when returns.returned_quantity > 0 then returns.returned_quantity
            else 1
        end as told_quantity

    from told

    inner join returns
        on told.return_key = returns.return_key

    left join marketplaces
        on returns.marketplace_code = marketplaces.marketplace_code

),

ranked as (

    select
        dated.*,
        coalesce(ranks.source_rank, 99) as source_rank,
        case
            when dated.event_precision = 'second' then 0
            when dated.event_precision = 'day' then 1
            else 2
        end as precision_rank
    from dated
    left join ranks
        on
            dated.stage_code = ranks.stage_code
            and dated.source_code = ranks.source_code
            and coalesce(dated.event_date_local, cast('9999-12-31' as date))
            between ranks.valid_from and ranks.valid_to

),

-- the units told by sources that are believed more
ordered as (

    select
        return_key,
        group_code,
        source_code,
        coalesce(
            max(sum(told_quantity)) over (
                partition by return_key, group_code
                order by
                    min(precision_rank) nulls last,
                    min(source_rank) nulls last,
                    source_code nulls last
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as told_before_quantity
    from ranked
    group by return_key, group_code, source_code

),

laid_out as (

    select
        ranked.*,
        ordered.told_before_quantity,
        sum(ranked.told_quantity) over (
            partition by ranked.return_key, ranked.group_code, ranked.source_code
            order by
                ranked.event_date_local nulls last,
                ranked.event_at nulls last,
                ranked.stated_event_name nulls last,
                ranked.evidence_key nulls last
            rows between unbounded preceding and current row
        ) as unit_end
    from ranked
    inner join ordered
        on
            ranked.return_key = ordered.return_key
            and ranked.group_code = ordered.group_code
            and ranked.source_code = ordered.source_code

)

select
    *,
    unit_end - told_quantity as unit_start,
    unit_end > told_before_quantity as is_telling
from laid_out
