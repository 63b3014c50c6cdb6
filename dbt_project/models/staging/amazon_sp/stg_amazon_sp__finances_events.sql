{# Events have no id and two equal ones are two. Answers that overlap tell the same ones
   again, so each amount has its number among equal ones of its answer: over all answers
   there are as many as the one that knows most of them has, never their sum. #}
with

deliveries as (

    select
        *,
        -- not the numbers of event and item, which count within one answer
        {{ surrogate_key([
            '_seller_id', 'event_list_name', 'posted_date', 'amazon_order_id',
            'event_type', 'seller_sku', 'order_item_id', 'adjustment_item_id',
            'claim_id', 'component_list_name', 'component_type', 'amount',
            'currency_code'
        ]) }} as row_key
    from {{ source('amazon_sp', 'finances_events') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=['quantity', 'fnsku', 'reason_code', 'marketplace_name']
    ) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key([
            "'finances_event'", 'row_key', 'occurrence_number'
        ]) }} as finances_event_key,
        _seller_id as seller_id,
        amazon_order_id,
        seller_order_id,
        order_item_id,
        adjustment_item_id,
        claim_id as safe_t_claim_id,
        seller_sku as sku,
        fnsku,
        occurrence_number,

        -- attributes
        folder_marketplace_code,
        marketplace_name,
        event_list_name,
        event_type as stated_event_name,
        reason_code as stated_reason_code,
        component_list_name,
        component_type as component_name,
        currency_code,

        -- measures: signed as the seller's account sees the amount
        cast(quantity as bigint) as stated_quantity,
        cast(amount as decimal(18, 2)) as amount,

        -- times: UTC
        {{ instant_columns('posted_date', 'posted') }}

    from newest

)

select * from typed
