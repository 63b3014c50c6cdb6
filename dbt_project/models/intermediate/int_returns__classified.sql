{# A return with its words in closed lists and its place in the order; what is found out
   about it later (evidence, costs, deadline) joins by key. #}
with

returns as (

    select * from {{ ref('int_returns__located') }}

),

order_lines as (

    select * from {{ ref('int_returns__order_lines') }}

),

reasons as (

    select * from {{ ref('int_returns__reasons') }}

),

payers as (

    select * from {{ ref('label_payers') }}

),

resolutions as (

    select * from {{ ref('resolutions') }}

),

worded as (

    select
        returns.*,
        order_lines.order_line_key,
        order_lines.order_match_class,
        order_lines.is_beyond_ordered_quantity,
        reasons.return_reason_code,
        reasons.return_reason_family,
        reasons.stated_fault_party,
        reasons.is_controllable,
        reasons.expected_label_payer,
        coalesce(payers.label_payer, 'unknown') as label_payer,
        case
            when returns.stated_resolution_name is not null
                then coalesce(resolutions.resolution_type, 'unclassified')
        end as resolution_type,
        coalesce(resolutions.is_refund, true) as is_settled_by_refund,
        coalesce(resolutions.is_returnless, false) as is_returnless,
        case
            when lower(returns.stated_status_name) = 'canceled' then 'cancelled'
            else replace(lower(returns.stated_status_name), ' ', '_')
        end as return_status,
        case
            when upper(returns.stated_claim_status_name) in ('GRANT', 'APPROVED')
                then 'granted'
            when upper(returns.stated_claim_status_name) in ('NOGRANT', 'DENIED')
                then 'denied'
            when upper(returns.stated_claim_status_name) like 'PENDING%' then 'pending'
            else lower(returns.stated_claim_status_name)
        end as safe_t_claim_status
    from returns
    inner join order_lines
        on returns.return_key = order_lines.return_key
    inner join reasons
        on returns.return_key = reasons.return_key
    left join payers
        on upper(returns.stated_label_payer_name) = payers.label_payer_name
    left join resolutions
        on upper(returns.stated_resolution_name) = resolutions.resolution_name

),

flagged as (

    select
        *,
        case
            when is_multi_channel then 'multi_channel'
            when channel = 'mfn' and return_status = 'cancelled'
                then 'request_cancelled'
            when returned_quantity <= 0 then 'zero_quantity'
        end as not_counted_reason
    from worded

)

select
    *,
    not_counted_reason is null as is_counted,
    not_counted_reason is null
    and is_settled_by_refund
    and coalesce(return_status, 'approved') not in ('closed', 'rejected')
        as is_refund_expected
from flagged
