{# What Amazon's records of its own dealings with returned units say of a return's
   stages. The order to remove units is a decision with a time; of units disposed of
   without a parcel nobody says when. #}
with

reimbursement_links as (

    select * from {{ ref('int_return_links__reimbursements') }}

),

reimbursements as (

    select * from {{ ref('int_reimbursements__reversed') }}

),

replacement_links as (

    select * from {{ ref('int_return_links__replacements') }}

),

replacements as (

    select * from {{ ref('stg_amazon_sp__fba_replacements') }}

),

stock_links as (

    select * from {{ ref('int_return_links__stock') }}

),

removals as (

    select * from {{ ref('int_removals__shipped') }}

),

order_lines as (

    select * from {{ ref('int_order_lines__located') }}

),

words as (

    select * from {{ ref('outcome_words') }}
    where source_code = 'removals'

),

told as (

    select
        reimbursement_links.return_key,
        reimbursement_links.linked_key as evidence_key,
        'reimbursed' as stage_code,
        'reimbursements' as source_code,
        reimbursements.reimbursement_reason_code as stated_event_name,
        reimbursement_links.matched_quantity as event_quantity,
        reimbursements.approved_at as event_at,
        reimbursements.approved_date as event_date
    from reimbursement_links
    inner join reimbursements
        on reimbursement_links.linked_key = reimbursements.reimbursement_key

    union all

    select
        replacement_links.return_key,
        replacement_links.linked_key as evidence_key,
        'replaced' as stage_code,
        'replacements' as source_code,
        replacements.stated_reason_code as stated_event_name,
        replacement_links.matched_quantity as event_quantity,
        replacements.shipped_at as event_at,
        replacements.shipped_date as event_date
    from replacement_links
    inner join replacements
        on replacement_links.linked_key = replacements.replacement_key

    union all

    select
        stock_links.return_key,
        stock_links.linked_key as evidence_key,
        'decided' as stage_code,
        'removals' as source_code,
        removals.stated_type_name as stated_event_name,
        stock_links.matched_quantity as event_quantity,
        removals.requested_at as event_at,
        removals.requested_date as event_date
    from stock_links
    inner join removals
        on stock_links.linked_key = removals.removal_key

    union all

    select
        stock_links.return_key,
        stock_links.linked_key as evidence_key,
        words.outcome_code as stage_code,
        'removals' as source_code,
        removals.stated_type_name as stated_event_name,
        stock_links.matched_quantity as event_quantity,
        removals.last_shipped_at as event_at,
        removals.last_shipped_date as event_date
    from stock_links
    inner join removals
        on stock_links.linked_key = removals.removal_key
    inner join words
        on
            removals.removal_type = words.status_code
            -- what was asked for has not left yet
            and removals.removed_quantity > 0
            and removals.requested_date between words.valid_from and words.valid_to

    union all

    select
        stock_links.return_key,
        stock_links.linked_key as evidence_key,
        'resold' as stage_code,
        'resales' as source_code,
        order_lines.sku as stated_event_name,
        stock_links.matched_quantity as event_quantity,
        order_lines.ordered_at as event_at,
        order_lines.ordered_date_local as event_date
    from stock_links
    inner join order_lines
        on stock_links.linked_key = order_lines.order_line_key

)

select
    *,
    cast(null as {{ dbt.type_string() }}) as agent_id,
    'system' as actor_kind
from told
where return_key is not null
