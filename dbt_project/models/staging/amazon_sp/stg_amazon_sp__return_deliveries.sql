{# What every delivery of a return said: the material of its history. Keys are those of
   the staged reports, which keep the newest delivery only. Read once, so a view. #}
{{ config(materialized='view') }}

with

mfn_returns as (

    select
        *,
        {{ surrogate_key([
            '_seller_id', 'order_id', 'amazon_rma_id', 'merchant_sku', 'asin',
            'return_request_date'
        ]) }} as row_key,
        {{ present_count([
            'return_request_status', 'label_cost', 'tracking_id',
            'return_delivery_date', 'refunded_amount', 'safet_claim_id',
            'safet_action_reason', 'safet_claim_reimbursement_amount'
        ]) }} as filled_count
    from {{ source('amazon_sp', 'mfn_returns') }}

),

xml_returns as (

    select
        *,
        {{ surrogate_key([
            '_seller_id', 'order_id', 'amazon_rma_id', 'merchant_sku', 'asin',
            'return_request_date'
        ]) }} as row_key,
        {{ present_count([
            'return_request_status', 'label_cost', 'tracking_id', 'resolution',
            'refund_amount'
        ]) }} as filled_count
    from {{ source('amazon_sp', 'xml_returns') }}

),

fba_returns as (

    -- a row without plate is known by what else could be restated: no history
    select
        *,
        {{ surrogate_key([
            '_seller_id', 'order_id', 'sku', 'fnsku', 'license_plate_number'
        ]) }} as row_key,
        {{ present_count([
            'status', 'detailed_disposition', 'reason', 'customer_comments'
        ]) }} as filled_count
    from {{ source('amazon_sp', 'fba_returns') }}
    where license_plate_number is not null

),

unioned as (

    select
        {{ surrogate_key(["'mfn'", 'row_key', 'occurrence_number']) }} as item_key,
        'mfn_returns' as source_code,
        return_request_status as stated_status_name,
        cast(null as {{ dbt.type_string() }}) as disposition_code,
        return_delivery_date as received,
        refunded_amount,
        safet_claim_state as stated_claim_status_name,
        safet_claim_reimbursement_amount as claim_amount,
        filled_count,
        _as_of,
        _file_key
    from {{ numbered_rows('mfn_returns') }} as numbered

    union all

    select
        {{ surrogate_key(["'xml'", 'row_key', 'occurrence_number']) }} as item_key,
        'xml_returns' as source_code,
        return_request_status as stated_status_name,
        cast(null as {{ dbt.type_string() }}) as disposition_code,
        cast(null as {{ dbt.type_string() }}) as received,
        refund_amount as refunded_amount,
        cast(null as {{ dbt.type_string() }}) as stated_claim_status_name,
        cast(null as {{ dbt.type_string() }}) as claim_amount,
        filled_count,
        _as_of,
        _file_key
    from {{ numbered_rows('xml_returns') }} as numbered

    union all

    select
        {{ surrogate_key(["'fba'", 'row_key', 'occurrence_number']) }} as item_key,
        'fba_returns' as source_code,
        status as stated_status_name,
        detailed_disposition as disposition_code,
        return_date as received,
        cast(null as {{ dbt.type_string() }}) as refunded_amount,
        cast(null as {{ dbt.type_string() }}) as stated_claim_status_name,
        cast(null as {{ dbt.type_string() }}) as claim_amount,
        filled_count,
        _as_of,
        _file_key
    from {{ numbered_rows('fba_returns') }} as numbered

),

typed as (

    select
        -- keys
        item_key,
        source_code,
        _file_key as file_key,

        -- attributes
        stated_status_name,
        disposition_code,
        stated_claim_status_name,

        -- measures
        cast(filled_count as bigint) as filled_count,
        cast(refunded_amount as decimal(18, 2)) as refunded_amount,
        cast(claim_amount as decimal(18, 2)) as claim_amount,

        -- times
        {{ instant_columns('received', 'received') }},
        cast(_as_of as timestamp) as delivery_as_of_at

    from unioned

)

select * from typed
