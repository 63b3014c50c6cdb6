{# An inspection that has no id of its own is known by what it looked at and when: a
   second look at the same unit is another inspection, not a restatement. #}
with

deliveries as (

    select
        *,
        {{ surrogate_key([
            '_seller_id', 'inspection_id', 'rma_id', 'order_id', 'sku',
            'license_plate_number',
            'case when inspection_id is null then inspected_at end'
        ]) }} as row_key
    from {{ source('operations', 'inspections') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=[
            'inspected_at', 'quantity_received', 'quantity_restocked', 'condition',
            'inspection_outcome', 'disposition', 'grade', 'found_reason',
            'fault_party', 'image_label', 'third_party_verdict'
        ],
        updated='updated_at'
    ) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key(['row_key', 'occurrence_number']) }} as inspection_key,
        _seller_id as seller_id,
        inspection_id,
        rma_id,
        order_id as amazon_order_id,
        sku,
        license_plate_number,
        warehouse_id,
        inspector as agent_id,
        occurrence_number,

        -- attributes
        folder_marketplace_code,
        condition as stated_condition_name,
        inspection_outcome as stated_outcome_name,
        disposition as stated_disposition_name,
        grade as stated_grade_name,
        stated_reason as stated_reason_code,
        found_reason as stated_found_reason_code,
        lower(fault_party) as stated_fault_party_name,
        image_label as image_label_name,
        image_provider as image_provider_name,
        third_party_verdict as third_party_verdict_name,
        inspection_comment as comment_text,

        -- measures
        cast(quantity_expected as bigint) as expected_quantity,
        cast(quantity_received as bigint) as received_quantity,
        cast(quantity_restocked as bigint) as restocked_quantity,
        -- services give a share, some of them in percent
        case
            when cast(image_confidence as decimal(18, 6)) between 0 and 1
                then cast(image_confidence as decimal(9, 6))
            when cast(image_confidence as decimal(18, 6)) between 1 and 100
                then cast(
                    cast(image_confidence as decimal(18, 6)) / 100 as decimal(9, 6)
                )
        end as image_confidence_share,

        -- times
        {{ instant_columns('received_at', 'received') }},
        {{ instant_columns('inspected_at', 'inspected') }},
        {{ instant_columns('updated_at', 'updated') }}

    from newest

)

select * from typed
