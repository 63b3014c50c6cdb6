{# An inspection beside others of the same units: whether a newer one takes its place
   and whether they found the same. Where no return has landed, only the plate tells
   which units are the same. #}
with

inspections as (

    select * from {{ ref('int_inspections__worded') }}

),

matches as (

    select
        record_key,
        group_key,
        return_key,
        match_class,
        match_reason,
        matched_quantity,
        is_superseded,
        sum(matched_quantity) over (partition by record_key) as linked_quantity,
        count(return_key) over (partition by record_key) as linked_return_count,
        row_number() over (
            partition by record_key
            order by matched_quantity desc nulls last, return_key asc nulls last
        ) as preference_number
    from {{ ref('int_warehouse_records__matched') }}
    where record_type = 'inspection'

),

joined as (

    select
        inspections.*,
        matches.return_key,
        coalesce(matches.match_class, 'none') as match_class,
        matches.match_reason,
        coalesce(matches.linked_quantity, 0) as linked_quantity,
        coalesce(matches.linked_return_count, 0) as linked_return_count,
        coalesce(
            matches.group_key,
            case
                when inspections.license_plate_number is not null
                    then {{ surrogate_key([
                        'inspections.seller_id', 'inspections.license_plate_number'
                    ]) }}
            end,
            inspections.inspection_key
        ) as unit_group_key,
        matches.is_superseded as is_pushed_off
    from inspections
    left join matches
        on
            inspections.inspection_key = matches.record_key
            and matches.preference_number = 1

),

numbered as (

    select
        *,
        row_number() over (
            partition by unit_group_key
            order by
                record_date desc nulls last,
                coalesce(inspected_at, received_at, updated_at) desc nulls last,
                inspection_key desc nulls last
        ) as newness_number,
        concat(
            coalesce(inspection_outcome_code, '_null_'),
            '|',
            coalesce(inspection_disposition_code, '_null_')
        ) as finding
    from joined

),

judged as (

    select
        *,
        -- without a return there is no count of units: one plate is one unit
        coalesce(is_pushed_off, newness_number > 1) as is_superseded
    from numbered

),

compared as (

    select
        *,
        max(case when is_superseded then 1 else 0 end) over (
            partition by unit_group_key
        ) = 1
        and min(finding) over (partition by unit_group_key)
        != max(finding) over (partition by unit_group_key) as is_conflicting
    from judged

)

select
    inspection_key,
    return_key,
    match_class,
    match_reason,
    linked_quantity,
    linked_return_count,
    is_superseded,
    is_conflicting
from compared
