{# A transaction is told again when it is released, perhaps with other amounts: one
   delivery of it counts, whole. A released one never goes back to deferred, so that
   decides before the age of the answers. #}
with

source as (

    select * from {{ source('amazon_sp', 'finances_transactions') }}

),

deliveries as (

    select
        _seller_id,
        transaction_id,
        _file_key,
        transaction_status,
        case when transaction_status = 'DEFERRED' then 0 else 1 end as status_rank,
        max(_as_of) as as_of,
        max(_marketplace_code) as marketplace_code,
        count(*) as row_count
    from source
    group by _seller_id, transaction_id, _file_key, transaction_status

),

ranked as (

    select
        *,
        max(marketplace_code) over (
            partition by _seller_id, transaction_id
        ) as folder_marketplace_code,
        max(case when status_rank = 0 then 1 else 0 end) over (
            partition by _seller_id, transaction_id
        ) as was_deferred,
        row_number() over (
            partition by _seller_id, transaction_id
            order by
                status_rank desc nulls last,
                as_of desc nulls last,
                row_count desc nulls last,
                transaction_status desc nulls last,
                _file_key desc nulls last
        ) as version_number
    from deliveries

),

newest as (

    select
        source.*,
        ranked.folder_marketplace_code,
        ranked.was_deferred,
        row_number() over (
            partition by
                source._seller_id, source.transaction_id, source.item_number,
                source.breakdown_path
            order by source._line_number nulls last
        ) as occurrence_number
    from source
    inner join ranked
        on
            source._seller_id = ranked._seller_id
            and source.transaction_id = ranked.transaction_id
            and source._file_key = ranked._file_key
            and coalesce(source.transaction_status, '')
            = coalesce(ranked.transaction_status, '')
            and ranked.version_number = 1

),

typed as (

    select
        -- keys
        {{ surrogate_key([
            "'finances_transaction'", '_seller_id', 'transaction_id', 'item_number',
            'breakdown_path', 'occurrence_number'
        ]) }} as finances_transaction_key,
        _seller_id as seller_id,
        transaction_id,
        order_id as amazon_order_id,
        refund_id,
        shipment_id,
        settlement_id,
        order_adjustment_item_id,
        marketplace_id,
        sku,
        asin,
        occurrence_number,

        -- attributes
        folder_marketplace_code,
        transaction_type,
        transaction_status,
        description as description_text,
        deferral_reason as deferral_reason_code,
        fulfillment_network as fulfillment_network_code,
        breakdown_path,
        currency_code,

        -- measures: signed as the seller's account sees the amount
        cast(item_number as bigint) as item_number,
        cast(quantity as bigint) as stated_quantity,
        cast(amount as decimal(18, 2)) as amount,
        cast(total_amount as decimal(18, 2)) as transaction_amount,

        -- flags
        was_deferred = 1 as was_deferred,
        coalesce(transaction_status, '') != 'DEFERRED' as is_released,

        -- times: UTC
        {{ instant_columns('posted_date', 'posted') }},
        {{ instant_columns('maturity_date', 'matures') }}

    from newest

)

select * from typed
