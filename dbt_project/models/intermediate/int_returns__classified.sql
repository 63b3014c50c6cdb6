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

words as (

    select * from {{ ref('int_returns__worded') }}

)

select
    -- keys
    returns.return_key,
    returns.seller_id,
    returns.marketplace_code,
    returns.channel,
    returns.source_code,
    returns.amazon_order_id,
    order_lines.order_line_key,
    returns.sku,
    returns.asin,
    returns.fnsku,
    returns.amazon_rma_id,
    returns.license_plate_number,
    returns.safe_t_claim_id,

    -- attributes
    returns.stated_reason_code,
    reasons.return_reason_code,
    reasons.return_reason_family,
    reasons.stated_fault_party,
    reasons.expected_label_payer,
    words.label_payer,
    returns.return_carrier_name,
    returns.fulfillment_center_code,
    returns.disposition_code,
    words.return_status,
    words.resolution_type,
    words.safe_t_claim_status,
    returns.safe_t_action_code,
    order_lines.order_match_class,
    returns.comment_text,
    returns.category_name,

    -- measures
    returns.returned_quantity,
    returns.order_amount,
    returns.refunded_amount,
    returns.item_refunded_amount,
    returns.currency_code,

    -- flags
    reasons.is_controllable,
    returns.is_in_policy,
    returns.has_stated_policy,
    returns.is_prime,
    returns.has_a_to_z_claim,
    returns.has_doubled_item,
    words.is_settled_by_refund,
    words.is_returnless,
    order_lines.is_beyond_ordered_units,
    words.not_counted_reason is null as is_counted,
    words.not_counted_reason,
    words.not_counted_reason is null
    and words.is_settled_by_refund
    and coalesce(words.return_status, 'approved') not in ('closed', 'rejected')
        as is_refund_expected,

    -- times
    returns.ordered_date,
    returns.requested_date,
    returns.requested_at,
    returns.requested_precision,
    returns.received_date,
    returns.received_at,
    returns.received_precision

from returns

inner join order_lines
    on returns.return_key = order_lines.return_key

inner join reasons
    on returns.return_key = reasons.return_key

inner join words
    on returns.return_key = words.return_key
