{# Two equal rows of the ledger are two movements. Files that overlap tell the same ones
   again, so each movement has its number among equal ones of its file: over all files
   there are as many as the file that knows most of them has, never their sum. #}
with

deliveries as (

    select
        *,
        -- not the instant: only newer files have it
        {{ surrogate_key([
            '_seller_id', 'date', 'fnsku', 'msku', 'event_type', 'reference_id',
            'quantity', 'fulfillment_center', 'disposition', 'reason', 'country'
        ]) }} as row_key
    from {{ source('amazon_sp', 'inventory_ledger') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=['reconciled_quantity', 'unreconciled_quantity', 'date_and_time']
    ) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key([
            "'ledger'", 'row_key', 'occurrence_number'
        ]) }} as ledger_event_key,
        _seller_id as seller_id,
        msku as sku,
        fnsku,
        asin,
        reference_id,
        occurrence_number,

        -- attributes
        folder_marketplace_code,
        event_type as stated_event_name,
        disposition as disposition_code,
        reason as stated_reason_code,
        fulfillment_center as fulfillment_center_code,
        country as country_code,
        title as product_name,

        -- measures: signed as the stock sees them
        cast(quantity as bigint) as moved_quantity,
        cast(reconciled_quantity as bigint) as reconciled_quantity,
        cast(unreconciled_quantity as bigint) as unreconciled_quantity,

        -- times: the report's own day; the instant, UTC, only in newer files
        cast(date as date) as event_date,
        case
            when length(date_and_time) > 10 then cast(date_and_time as timestamp)
        end as event_at

    from newest

)

select * from typed
