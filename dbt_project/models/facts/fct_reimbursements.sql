with

reimbursements as (

    select * from {{ ref('int_reimbursements__reversed') }}

),

selected as (

    select
        -- keys
        reimbursement_key,
        seller_id,
        marketplace_code,
        reimbursement_id,
        original_reimbursement_id,
        case_id,
        amazon_order_id,
        sku,
        fnsku,
        asin,

        -- attributes
        reimbursement_reason_code,
        stated_reason_name,
        stated_condition_name,
        not_counted_reason,
        currency_code,
        approved_precision,

        -- measures
        reimbursed_quantity,
        cash_quantity,
        inventory_quantity,
        unit_amount,
        reimbursed_amount,
        counted_quantity,
        counted_amount,
        reversed_quantity,
        reversed_amount,

        -- flags
        is_reason_known,
        is_return_related,
        is_reversal,
        is_counted,

        -- times
        approved_at,
        approved_date_local

    from reimbursements

)

select * from selected
