-- A unit linked twice to one kind of record ends in two outcomes; a record linked to
-- more units than it has pays for, or removes, units that never were. Messages use no
-- units up; the steps of the warehouse, several a unit, have a test of their own.
{{ config(meta={'dagster': {'ref': {'name': 'fct_return_links'}}}) }}

with

links as (

    select * from {{ ref('fct_return_links') }}
    where linked_type not in ('message', 'feedback', 'warehouse_event')

),

sides as (

    select
        'return' as side,
        linked_type,
        return_key as side_key,
        sum(matched_quantity) as linked_quantity
    from links
    where return_key is not null
    group by linked_type, return_key

    union all

    select
        'record' as side,
        linked_type,
        linked_key as side_key,
        sum(matched_quantity) as linked_quantity
    from links
    group by linked_type, linked_key

),

limits as (

    select
        'return' as side,
        return_key as side_key,
        returned_quantity as most_quantity
    from {{ ref('fct_returns') }}

    union all

    select
        'record' as side,
        reimbursement_key as side_key,
        coalesce(reimbursed_quantity, 0) - coalesce(reversed_quantity, 0)
            as most_quantity
    from {{ ref('fct_reimbursements') }}

    union all

    select
        'record' as side,
        removal_key as side_key,
        removed_quantity as most_quantity
    from {{ ref('fct_removals') }}

    union all

    select
        'record' as side,
        replacement_key as side_key,
        replaced_quantity as most_quantity
    from {{ ref('fct_replacements') }}

    union all

    select
        'record' as side,
        order_line_key as side_key,
        quantity as most_quantity
    from {{ ref('fct_order_lines') }}

)

select
    sides.side,
    sides.linked_type,
    sides.side_key,
    sides.linked_quantity,
    limits.most_quantity
from sides
inner join limits
    on
        sides.side = limits.side
        and sides.side_key = limits.side_key
where sides.linked_quantity > limits.most_quantity
