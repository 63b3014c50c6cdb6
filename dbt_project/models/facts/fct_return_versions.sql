{# The history of a return as each report restated it, from all deliveries in the lake.
   A version holds from when its delivery was made (a state of the API from its own time
   of change), never from when it landed; deliveries that say the same are one. #}
with

returns as (

    select * from {{ ref('fct_returns') }}

),

items as (

    select * from {{ ref('int_return_items__matched') }}

),

deliveries as (

    select
        item_key,
        source_code,
        stated_status_name,
        disposition_code,
        received_date,
        received_at,
        refunded_amount,
        stated_claim_status_name,
        claim_amount,
        filled_count,
        delivery_as_of_at,
        file_key
    from {{ ref('stg_amazon_sp__return_deliveries') }}

    union all

    select
        return_key as item_key,
        'external_returns' as source_code,
        stated_status_name,
        null as disposition_code,
        delivered_date as received_date,
        delivered_at as received_at,
        null as refunded_amount,
        null as stated_claim_status_name,
        null as claim_amount,
        0 as filled_count,
        last_updated_at as delivery_as_of_at,
        return_state_key as file_key
    from {{ ref('stg_amazon_sp__external_returns') }}

),

worded as (

    -- of deliveries of one age the fuller one came later, as in the staged reports
    select
        coalesce(items.return_key, deliveries.item_key) as return_key,
        deliveries.*,
        {{ return_status('deliveries.stated_status_name') }} as return_status,
        {{ claim_status('deliveries.stated_claim_status_name') }} as claim_status,
        row_number() over (
            partition by deliveries.item_key, deliveries.delivery_as_of_at
            order by
                deliveries.filled_count desc nulls last,
                deliveries.file_key desc nulls last
        ) as rank_number
    from deliveries
    left join items
        on deliveries.item_key = items.item_key
    where coalesce(items.is_partner, true)

),

compared as (

    select
        *,
        {{ changed_columns(
            [
                'return_status', 'disposition_code', 'received_date', 'received_at',
                'refunded_amount', 'claim_status', 'claim_amount'
            ],
            partition='item_key',
            order='delivery_as_of_at'
        ) }} as changed_columns_text
    from worded
    where rank_number = 1

),

versions as (

    select
        *,
        row_number() over (
            partition by item_key order by delivery_as_of_at nulls last
        ) as version_number,
        lead(delivery_as_of_at) over (
            partition by item_key order by delivery_as_of_at nulls last
        ) as valid_to_at
    from compared
    where coalesce(changed_columns_text, 'first') != ''

)

select
    -- keys
    {{ surrogate_key(['versions.item_key', 'versions.delivery_as_of_at']) }}
        as return_version_key,
    versions.return_key,
    returns.seller_id,
    returns.marketplace_code,
    returns.channel,
    returns.amazon_order_id,
    returns.sku,
    versions.source_code,
    versions.version_number,

    -- attributes
    versions.return_status,
    versions.disposition_code,
    versions.claim_status,
    versions.changed_columns_text,

    -- measures
    versions.refunded_amount,
    versions.claim_amount,
    returns.currency_code,

    -- flags
    versions.valid_to_at is null as is_current,

    -- times
    versions.received_date,
    versions.received_at,
    versions.delivery_as_of_at as valid_from_at,
    versions.valid_to_at

from versions

inner join returns
    on versions.return_key = returns.return_key
