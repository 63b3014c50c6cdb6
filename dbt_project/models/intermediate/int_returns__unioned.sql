{# Read once, so a view: one list of columns for what both channels report. #}
{{ config(materialized='view') }}

with

mfn_returns as (

    select * from {{ ref('int_returns__requests') }}

),

fba_returns as (

    select * from {{ ref('stg_amazon_sp__fba_returns') }}

),

unioned as (

    select
        return_key,
        seller_id,
        'mfn' as channel,
        source_code,
        amazon_order_id,
        sku,
        asin,
        cast(null as {{ dbt.type_string() }}) as fnsku,
        amazon_rma_id,
        cast(null as {{ dbt.type_string() }}) as license_plate_number,
        order_item_id,
        tracking_id,
        safe_t_claim_id,
        folder_marketplace_code,
        product_name,
        category_name,
        stated_reason_code,
        cast(null as {{ dbt.type_string() }}) as disposition_code,
        stated_status_name,
        stated_resolution_name,
        stated_label_payer_name,
        return_carrier_name,
        cast(null as {{ dbt.type_string() }}) as fulfillment_center_code,
        stated_claim_status_name,
        safe_t_action_code,
        cast(null as {{ dbt.type_string() }}) as comment_text,
        returned_quantity,
        label_cost_amount,
        claim_amount,
        order_amount,
        refunded_amount,
        item_refunded_amount,
        currency_code,
        coalesce(is_in_policy, false) as is_in_policy,
        coalesce(has_stated_policy, false) as has_stated_policy,
        is_prime,
        has_a_to_z_claim,
        has_doubled_item,
        ordered_at,
        ordered_date,
        requested_at,
        requested_date,
        case
            when requested_at is not null then 'second'
            when requested_date is not null then 'day'
        end as requested_precision,
        received_at,
        case
            when received_at is not null then 'second'
            when received_date is not null then 'day'
        end as received_precision,
        received_date
    from mfn_returns

    union all

    select
        return_key,
        seller_id,
        'fba' as channel,
        'fba_returns' as source_code,
        amazon_order_id,
        sku,
        asin,
        fnsku,
        cast(null as {{ dbt.type_string() }}) as amazon_rma_id,
        license_plate_number,
        cast(null as {{ dbt.type_string() }}) as order_item_id,
        cast(null as {{ dbt.type_string() }}) as tracking_id,
        cast(null as {{ dbt.type_string() }}) as safe_t_claim_id,
        folder_marketplace_code,
        product_name,
        cast(null as {{ dbt.type_string() }}) as category_name,
        stated_reason_code,
        disposition_code,
        stated_status_name,
        cast(null as {{ dbt.type_string() }}) as stated_resolution_name,
        cast(null as {{ dbt.type_string() }}) as stated_label_payer_name,
        cast(null as {{ dbt.type_string() }}) as return_carrier_name,
        fulfillment_center_code,
        cast(null as {{ dbt.type_string() }}) as stated_claim_status_name,
        cast(null as {{ dbt.type_string() }}) as safe_t_action_code,
        comment_text,
        returned_quantity,
        cast(null as decimal(18, 2)) as label_cost_amount,
        cast(null as decimal(18, 2)) as claim_amount,
        cast(null as decimal(18, 2)) as order_amount,
        cast(null as decimal(18, 2)) as refunded_amount,
        cast(null as decimal(18, 2)) as item_refunded_amount,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        false as is_in_policy,
        false as has_stated_policy,
        false as is_prime,
        false as has_a_to_z_claim,
        false as has_doubled_item,
        cast(null as timestamp) as ordered_at,
        cast(null as date) as ordered_date,
        cast(null as timestamp) as requested_at,
        cast(null as date) as requested_date,
        cast(null as {{ dbt.type_string() }}) as requested_precision,
        received_at,
        received_precision,
        received_date
    from fba_returns

)

select * from unioned
