with

returns as (

    select * from {{ ref('int_returns__classified') }}

),

costs as (

    select * from {{ ref('int_returns__costs_allocated') }}

),

attributions as (

    select * from {{ ref('int_returns__attributed') }}

),

deadlines as (

    select * from {{ ref('int_returns__refund_deadlines') }}

),

joined as (

    select
        -- keys
        returns.return_key,
        returns.seller_id,
        returns.marketplace_code,
        returns.channel,
        returns.source_code,
        returns.amazon_order_id,
        returns.order_line_key,
        returns.sku,
        returns.asin,
        returns.fnsku,
        returns.amazon_rma_id,
        returns.license_plate_number,
        returns.safe_t_claim_id,

        -- attributes
        returns.stated_reason_code,
        returns.return_reason_code,
        returns.return_reason_family,
        returns.stated_fault_party,
        returns.expected_label_payer,
        returns.label_payer,
        returns.return_carrier_name,
        returns.fulfillment_center_code,
        returns.disposition_code,
        returns.return_status,
        returns.resolution_type,
        returns.safe_t_claim_status,
        returns.safe_t_action_code,
        attributions.evidence_source,
        attributions.evidenced_fault_party,
        attributions.attribution_verdict,
        returns.order_match_class,
        returns.comment_text,
        returns.category_name,

        -- measures
        returns.returned_quantity,
        costs.label_cost_amount,
        costs.claim_amount,
        returns.order_amount,
        returns.refunded_amount,
        returns.item_refunded_amount,
        returns.currency_code,

        -- flags
        returns.is_controllable,
        returns.is_in_policy,
        returns.has_stated_policy,
        returns.is_prime,
        returns.has_a_to_z_claim,
        returns.has_doubled_item,
        returns.is_returnless,
        returns.is_refund_expected,
        returns.is_beyond_ordered_units,
        returns.is_counted,
        returns.not_counted_reason,

        -- times
        returns.ordered_date,
        returns.requested_date,
        returns.requested_at,
        returns.requested_precision,
        returns.received_date,
        returns.received_at,
        returns.received_precision,
        deadlines.refund_due_date

    from returns

    left join costs
        on returns.return_key = costs.return_key

    left join attributions
        on returns.return_key = attributions.return_key

    left join deadlines
        on returns.return_key = deadlines.return_key

)

select * from joined
