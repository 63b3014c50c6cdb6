{# The groups of returns that a note of the warehouse can be about, from the narrowest:
   the RMA and SKU or the unit's plate; the day an item of the order came; order and SKU,
   which several returns may share; the whole parcel by RMA or order. #}
with

classified as (

    select * from {{ ref('int_returns__classified') }}
    where returned_quantity > 0

),

mfn_returns as (

    select * from {{ ref('stg_amazon_sp__mfn_returns') }}

),

named as (

    select
        classified.*,
        -- tools number returns as Amazon does, or as the seller
        mfn_returns.merchant_rma_id,
        coalesce(classified.amazon_rma_id, mfn_returns.merchant_rma_id) as rma_id
    from classified
    left join mfn_returns
        on classified.return_key = mfn_returns.return_key

)

select
    -- keys
    return_key,
    seller_id,
    amazon_order_id,
    sku,
    amazon_rma_id,
    merchant_rma_id,
    license_plate_number,
    case
        when rma_id is not null
            then {{ surrogate_key(["'identity'", 'seller_id', 'rma_id', 'sku']) }}
        when license_plate_number is not null
            then {{ surrogate_key([
                "'identity'", 'seller_id', 'license_plate_number'
            ]) }}
    end as identity_key,
    {{ surrogate_key([
        "'dated'", 'seller_id', 'amazon_order_id', 'sku', 'received_date'
    ]) }} as dated_key,
    {{ surrogate_key(["'item'", 'seller_id', 'amazon_order_id', 'sku']) }} as item_key,
    {{ surrogate_key(["'rma'", 'seller_id', 'rma_id']) }} as rma_key,
    {{ surrogate_key(["'order'", 'seller_id', 'amazon_order_id']) }} as order_key,

    -- measures
    returned_quantity,
    -- units that came back are laid out first, withdrawn requests last
    case when is_counted then 0 else 1 end as priority,

    -- times
    requested_date,
    received_date

from named
