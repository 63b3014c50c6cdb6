{# The ways a warehouse can name a return: its RMA and SKU or the unit's plate; order
   and SKU, which several returns may share; the whole parcel by RMA or order. #}
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

),

keyed as (

    select
        return_key,
        seller_id,
        amazon_order_id,
        sku,
        amazon_rma_id,
        merchant_rma_id,
        license_plate_number,
        case
            when rma_id is not null
                then {{ surrogate_key(["'rma'", 'seller_id', 'rma_id', 'sku']) }}
            when license_plate_number is not null
                then {{ surrogate_key([
                    "'plate'", 'seller_id', 'license_plate_number'
                ]) }}
        end as identity_key,
        {{ surrogate_key(["'item'", 'seller_id', 'amazon_order_id', 'sku']) }}
            as item_key,
        {{ surrogate_key(["'parcel'", 'seller_id', 'rma_id']) }} as rma_key,
        {{ surrogate_key(["'order'", 'seller_id', 'amazon_order_id']) }} as order_key,
        returned_quantity,
        -- units that came back are laid out first, withdrawn requests last
        case when is_counted then 0 else 1 end as priority,
        coalesce(received_date, requested_date) as return_date
    from named

)

select
    *,
    sum(returned_quantity) over (
        partition by identity_key
        order by
            priority asc nulls last,
            return_date asc nulls last,
            return_key asc nulls last
        rows between unbounded preceding and current row
    ) as identity_unit_end
from keyed
