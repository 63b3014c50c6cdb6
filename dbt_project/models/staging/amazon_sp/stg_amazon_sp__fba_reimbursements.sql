with

deliveries as (

    select
        *,
        {{ surrogate_key([
            '_seller_id', 'reimbursement_id', 'amazon_order_id', 'sku', 'fnsku',
            'reason'
        ]) }} as row_key
    from {{ source('amazon_sp', 'fba_reimbursements') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=[
            'case_id', 'asin', 'currency_unit', 'amount_per_unit',
            'quantity_reimbursed_cash', 'quantity_reimbursed_inventory',
            'quantity_reimbursed_total', 'original_reimbursement_id'
        ]
    ) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key([
            "'fba_reimbursement'", 'row_key', 'occurrence_number'
        ]) }} as reimbursement_key,
        _seller_id as seller_id,
        reimbursement_id,
        original_reimbursement_id,
        case_id,
        amazon_order_id,
        sku,
        fnsku,
        asin,
        occurrence_number,

        -- attributes
        folder_marketplace_code,
        reason as stated_reason_name,
        original_reimbursement_type as stated_original_type_name,
        condition as stated_condition_name,
        product_name,
        currency_unit as currency_code,

        -- measures
        cast(amount_per_unit as decimal(18, 2)) as unit_amount,
        cast(amount_total as decimal(18, 2)) as reimbursed_amount,
        cast(quantity_reimbursed_cash as bigint) as cash_quantity,
        cast(quantity_reimbursed_inventory as bigint) as inventory_quantity,
        cast(quantity_reimbursed_total as bigint) as reimbursed_quantity,

        -- times: UTC, an instant or only a day
        case
            when length(approval_date) > 10 then cast(approval_date as timestamp)
        end as approved_at,
        case
            when length(approval_date) > 10 then 'second'
            else 'day'
        end as approved_precision,
        cast(substring(approval_date, 1, 10) as date) as approved_date

    from newest

)

select * from typed
