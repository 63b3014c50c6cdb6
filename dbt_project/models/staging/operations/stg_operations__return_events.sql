{# Tools restate a step by its id and time; where steps of one parcel share both, type
   and item keep them apart. #}
with

deliveries as (

    select
        *,
        {{ surrogate_key([
            '_seller_id', 'event_id', 'event_at', 'event_type', 'rma_id', 'order_id',
            'sku', 'license_plate_number'
        ]) }} as row_key
    from {{ source('operations', 'return_events') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=['quantity', 'disposition', 'actor', 'tracking_id', 'amount'],
        updated='updated_at'
    ) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key(['row_key', 'occurrence_number']) }} as warehouse_event_key,
        _seller_id as seller_id,
        event_id,
        rma_id,
        order_id as amazon_order_id,
        sku,
        license_plate_number,
        tracking_id,
        warehouse_id,
        coalesce(actor, system_name) as agent_id,
        occurrence_number,

        -- attributes
        folder_marketplace_code,
        lower(event_type) as event_type,
        lower(disposition) as stated_disposition_name,
        -- what the tool says, else who is named
        case
            when lower(actor_kind) in ('person', 'system') then lower(actor_kind)
            when actor is not null then 'person'
            when system_name is not null then 'system'
            else 'unknown'
        end as actor_kind,
        system_name,
        event_comment as comment_text,
        currency_code,

        -- measures: a step is of one unit unless it says otherwise
        coalesce(cast(quantity as bigint), 1) as event_quantity,
        cast(amount as decimal(18, 2)) as event_amount,

        -- flags
        quantity is null as is_quantity_assumed,

        -- times
        {{ instant_columns('event_at', 'event') }}

    from newest

)

select * from typed
