{# Which unit of a return a linked record is about. A record speaks of some units of the
   return and does not say which: the best ends are laid on the first units, removals
   on the last ones, so that what was sold again is a unit that had been kept. Of a step
   noted for more units than there are the newest notes count. #}
with

links as (

    select
        *,
        coalesce(return_key, refund_key) as item_key
    from {{ ref('fct_return_links') }}

),

records as (

    select * from {{ ref('int_return_records__worded') }}

),

units as (

    select
        *,
        coalesce(return_key, refund_key) as item_key,
        row_number() over (
            partition by coalesce(return_key, refund_key)
            order by unit_number nulls last
        ) as position_number,
        count(*) over (partition by coalesce(return_key, refund_key)) as position_count
    from {{ ref('int_return_units__numbered') }}

),

linked as (

    select
        links.link_key,
        links.item_key,
        links.linked_type,
        links.linked_key,
        links.match_class,
        links.matched_quantity,
        records.outcome_code,
        records.outcome_number,
        records.outcome_date,
        records.grade_code,
        greatest(
            coalesce(records.record_quantity, links.matched_quantity),
            links.matched_quantity
        ) as record_quantity,
        units.position_count,
        -- units of the record given to links before this one
        sum(links.matched_quantity) over (
            partition by links.linked_type, links.linked_key
            order by links.link_key nulls last
            rows between unbounded preceding and current row
        ) - links.matched_quantity as record_offset,
        sum(links.matched_quantity) over (
            partition by links.item_key, links.linked_type
            order by
                records.outcome_date desc nulls last,
                links.linked_key desc nulls last
            rows between unbounded preceding and current row
        ) - links.matched_quantity as newer_quantity

    from links

    inner join records
        on
            links.linked_type = records.linked_type
            and links.linked_key = records.linked_key

    inner join units
        on
            links.item_key = units.item_key
            and units.position_number = 1

),

kept as (

    select
        *,
        least(matched_quantity, position_count - newer_quantity) as kept_quantity
    from linked
    where newer_quantity < position_count

),

laid_out as (

    select
        *,
        sum(kept_quantity) over (
            partition by item_key, linked_type
            order by
                outcome_number nulls last,
                outcome_date nulls last,
                linked_key nulls last
            rows between unbounded preceding and current row
        ) as place_end
    from kept

),

placed as (

    select
        *,
        case
            when linked_type = 'removal' then position_count - place_end
            else place_end - kept_quantity
        end as first_place
    from laid_out

)

select
    -- keys
    {{ surrogate_key(['units.unit_key', 'placed.link_key']) }} as unit_link_key,
    units.unit_key,
    placed.link_key,
    placed.linked_key,
    units.seller_id,
    units.marketplace_code,

    -- attributes
    placed.linked_type,
    placed.match_class,
    placed.outcome_code,
    placed.grade_code,

    -- measures
    cast(
        placed.record_offset + units.position_number - placed.first_place as bigint
    ) as record_unit_number,
    cast(placed.record_quantity as bigint) as record_quantity,

    -- times
    placed.outcome_date

from placed

inner join units
    on
        placed.item_key = units.item_key
        and placed.first_place < units.position_number
        and placed.first_place + placed.kept_quantity >= units.position_number
