{# A reimbursement with its reason in one spelling and its marketplace. The reports are
   an account's, so the order says where it belongs before the folder does. #}
{{ config(materialized='view') }}

with

reimbursements as (

    select
        *,
        {{ bare_word('stated_reason_name') }} as reason_word
    from {{ ref('stg_amazon_sp__fba_reimbursements') }}

),

reasons as (

    select * from {{ ref('reimbursement_reasons') }}

),

orders as (

    select * from {{ ref('int_orders__marketplaces') }}

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

),

coded as (

    select
        reimbursements.*,
        coalesce(
            reasons.reimbursement_reason_code,
            replace(
                replace(upper(reimbursements.stated_reason_name), ' ', '_'), '-', '_'
            )
        ) as reimbursement_reason_code,
        reasons.reimbursement_reason_code is not null as is_reason_known,
        coalesce(reasons.is_return_related, false) as is_return_related,
        coalesce(reasons.is_reversal, false)
        or reimbursements.reimbursed_amount < 0 as is_reversal,
        case
            when orders.is_multi_channel then 'unknown'
            else coalesce(
                nullif(orders.marketplace_code, 'unknown'),
                reimbursements.folder_marketplace_code,
                'unknown'
            )
        end as marketplace_code,
        orders.currency_code as order_currency_code
    from reimbursements
    left join reasons
        on
            reimbursements.reason_word = reasons.reimbursement_reason_alias
            and reimbursements.approved_date
            between reasons.valid_from and reasons.valid_to
    left join orders
        on
            reimbursements.seller_id = orders.seller_id
            and reimbursements.amazon_order_id = orders.amazon_order_id

)

select
    -- keys
    coded.reimbursement_key,
    coded.seller_id,
    coded.marketplace_code,
    coded.reimbursement_id,
    coded.original_reimbursement_id,
    coded.case_id,
    coded.amazon_order_id,
    coded.sku,
    coded.fnsku,
    coded.asin,

    -- attributes
    coded.stated_reason_name,
    coded.reimbursement_reason_code,
    coded.stated_condition_name,
    coalesce(
        coded.currency_code, coded.order_currency_code, marketplaces.currency_code
    ) as currency_code,

    -- measures, as stated
    coded.unit_amount,
    coded.reimbursed_amount as stated_amount,
    coded.cash_quantity,
    coded.inventory_quantity,
    coalesce(
        coded.reimbursed_quantity, coded.cash_quantity + coded.inventory_quantity
    ) as stated_quantity,

    -- flags
    coded.is_reason_known,
    coded.is_return_related,
    coded.is_reversal,

    -- times
    coded.approved_at,
    coded.approved_precision,
    coded.approved_date,
    coalesce(
        {{ to_local_date('coded.approved_at', 'marketplaces.time_zone_name') }},
        coded.approved_date
    ) as approved_date_local

from coded

left join marketplaces
    on coded.marketplace_code = marketplaces.marketplace_code
