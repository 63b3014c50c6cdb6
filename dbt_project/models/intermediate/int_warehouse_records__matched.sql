{# Units the warehouse noted and returned units, each laid on a line of unit numbers
   in order of time; where the lines overlap, they match.

   More inspections than units: a unit was inspected again, and the newest finding is
   the one that counts. The oldest are pushed off the line and are superseded. #}
with

units as (

    select * from {{ ref('int_warehouse_units__offered') }}

),

offers as (

    select
        group_key,
        lane_code,
        sum(offered_quantity) as group_quantity,
        count(*) as return_count,
        min(return_key) as first_return_key
    from units
    group by group_key, lane_code

),

records as (

    select
        notes.*,
        offers.group_quantity,
        offers.return_count,
        offers.first_return_key,
        -- a note about a parcel is about all units in it
        case
            when notes.group_type in ('rma', 'order') then offers.group_quantity
            else notes.record_quantity
        end as unit_count
    from {{ ref('int_warehouse_records__identified') }} as notes
    inner join offers
        on
            notes.group_key = offers.group_key
            and notes.lane_code = offers.lane_code

),

lined_up as (

    select
        *,
        sum(unit_count) over (
            partition by group_key, lane_code
            order by
                record_date asc nulls first,
                recorded_at asc nulls first,
                record_key asc nulls first
            rows between unbounded preceding and current row
        ) as line_end,
        sum(unit_count) over (partition by group_key, lane_code) as line_quantity
    from records

),

laid_out as (

    select
        *,
        line_end - case
            when is_newest_kept then greatest(line_quantity - group_quantity, 0)
            else 0
        end as unit_end
    from lined_up

),

matched as (

    select
        laid_out.*,
        -- a superseded inspection still was one of the only return there is
        coalesce(
            units.return_key,
            case when laid_out.return_count = 1 then laid_out.first_return_key end
        ) as return_key,
        case
            when units.return_key is null then 0
            else
                least(units.unit_end, laid_out.unit_end)
                - greatest(
                    units.unit_end - units.offered_quantity,
                    laid_out.unit_end - laid_out.unit_count
                )
        end as matched_quantity
    from laid_out
    left join units
        on
            laid_out.group_key = units.group_key
            and laid_out.lane_code = units.lane_code
            and laid_out.unit_end - laid_out.unit_count < units.unit_end
            and laid_out.unit_end > units.unit_end - units.offered_quantity

)

select
    -- keys
    {{ surrogate_key(['record_key', 'return_key']) }} as match_key,
    record_key,
    return_key,
    group_key,

    -- attributes
    record_type,
    lane_code,
    case
        when match_reason in ('sku_differs', 'order') then 'order_only'
        when match_reason in ('rma_differs', 'received_day') then 'quantity_split'
        when group_type = 'rma' or return_count = 1 then 'exact'
        else 'quantity_split'
    end as match_class,
    match_reason,

    -- measures
    cast(matched_quantity as bigint) as matched_quantity,

    -- flags: pushed off the line by newer ones, though there are units
    is_newest_kept and group_quantity > 0 and unit_end <= 0 as is_superseded

from matched
