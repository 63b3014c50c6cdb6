{# Up to three reports tell of one return of the seller's: the flat file, XML and the
   External Fulfillment API. Their items are laid side by side in time order. One of a
   later source without a partner is a return of its own, unless its units have been
   told of already, on fewer lines. #}
with

numbered as (

    select
        *,
        row_number() over (
            partition by match_key, source_number
            order by
                case when is_folded then 1 else 0 end asc nulls last,
                requested_date asc nulls last,
                returned_quantity desc nulls last,
                item_key asc nulls last
        ) as match_number,
        case when is_folded then 0 else returned_quantity end as counted_quantity
    from {{ ref('int_return_items__unioned') }}

),

told as (

    select
        *,
        sum(counted_quantity) over (
            partition by match_key, source_number
            order by match_number nulls last
            rows between unbounded preceding and current row
        ) as quantity_to_here,
        coalesce(
            sum(case when source_number = 1 then counted_quantity end) over (
                partition by match_key
            ), 0
        ) as flat_quantity,
        coalesce(
            sum(case when source_number = 2 then counted_quantity end) over (
                partition by match_key
            ), 0
        ) as xml_quantity,
        max(case when source_number = 1 then match_number else 0 end) over (
            partition by match_key
        ) as flat_count,
        max(case when source_number = 2 then match_number else 0 end) over (
            partition by match_key
        ) as xml_count
    from numbered

),

judged as (

    select
        *,
        case
            when is_folded then false
            when source_number = 1 then true
            when source_number = 2
                then
                    flat_count = 0
                    or (match_number > flat_count and quantity_to_here > flat_quantity)
            else
                flat_count + xml_count = 0
                or (
                    match_number > flat_count
                    and match_number > xml_count
                    and quantity_to_here > flat_quantity
                    and quantity_to_here > xml_quantity
                )
        end as is_return
    from told

),

paired as (

    select
        *,
        max(case when is_return then item_key end) over (
            partition by match_key, match_number
        ) as partner_key,
        max(case when is_return and match_number = 1 then item_key end) over (
            partition by match_key
        ) as first_key
    from judged

)

select
    item_key,
    coalesce(partner_key, first_key) as return_key,
    seller_id,
    source_code,
    is_return,
    partner_key is not null and not is_folded as is_partner,
    is_folded,
    has_doubled_item
from paired
