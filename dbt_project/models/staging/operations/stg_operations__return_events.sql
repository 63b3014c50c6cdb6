{# Tools restate a step by its id and time; where steps of one parcel share both, type
   and item keep them apart. Other tools list returns with a time for each stage: each is
   a step, known by its stage, so that a corrected time is no second step. #}
{% set stages = [
    'requested', 'authorised', 'label_issued', 'in_transit', 'received', 'inspected',
    'decided', 'refunded', 'restocked', 'closed'
] %}
{% set shared = [
    'rma_id', 'order_id', 'sku', 'license_plate_number', 'quantity', 'tracking_id',
    'warehouse_id', 'updated_at', '_file_key', '_line_number', '_seller_id',
    '_marketplace_code', '_as_of'
] %}
with

steps as (

    select
        event_id,
        event_at,
        event_at as key_text,
        event_type,
        disposition,
        actor,
        actor_kind,
        system_name,
        amount,
        currency_code,
        event_comment,
        {{ shared | join(', ') }}
    from {{ source('operations', 'return_events') }}
    {% for stage in stages %}
        union all
        select
            cast(null as varchar) as event_id,
            {{ stage }}_at as event_at,
            'progress' as key_text,
            '{{ stage }}' as event_type,
            cast(null as varchar) as disposition,
            cast(null as varchar) as actor,
            cast(null as varchar) as actor_kind,
            cast(null as varchar) as system_name,
            cast(null as varchar) as amount,
            cast(null as varchar) as currency_code,
            cast(null as varchar) as event_comment,
            {{ shared | join(', ') }}
        from {{ source('operations', 'return_progress') }}
    {% endfor %}

),

deliveries as (

    select
        *,
        {{ surrogate_key([
            '_seller_id', 'event_id', 'key_text', 'event_type', 'rma_id', 'order_id',
            'sku', 'license_plate_number'
        ]) }} as row_key
    from steps

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=[
            'event_at', 'quantity', 'disposition', 'actor', 'tracking_id', 'amount'
        ],
        updated='updated_at'
    ) }}
    -- a stage that has not been reached, or a time that was taken back
    where event_at is not null

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
