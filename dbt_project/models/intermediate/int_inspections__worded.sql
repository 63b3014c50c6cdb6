{# An inspection's words in our lists. A word no list has is kept in its spelling and
   shown as unknown, so that a new word is neither lost nor mistaken for another. #}
with

inspections as (

    select
        *,
        coalesce(inspected_date, received_date, updated_date) as record_date,
        {{ word_spelling('stated_outcome_name') }} as outcome_word,
        {{ word_spelling('stated_disposition_name') }} as disposition_word,
        {{ word_spelling('stated_grade_name') }} as grade_word,
        {{ word_spelling('stated_condition_name') }} as condition_word,
        {{ word_spelling('stated_fault_party_name') }} as fault_party_word
    from {{ ref('stg_operations__inspections') }}

),

words as (

    -- what a word means today also holds for an inspection without a date
    select
        *,
        valid_to = cast('9999-12-31' as date) as is_open_ended
    from {{ ref('operation_words') }}

),

worded as (

    select
        inspections.*,
        coalesce(outcomes.word_code, inspections.outcome_word)
            as inspection_outcome_code,
        dispositions.word_code as disposition_code,
        -- the grade, else a condition that is one
        coalesce(grades.word_code, inspections.grade_word, conditions.word_code)
            as grade_code,
        coalesce(parties.word_code, 'unassigned') as found_fault_party,
        coalesce(outcomes.word_code, inspections.outcome_word, '')
        != coalesce(outcomes.word_code, '')
        or coalesce(dispositions.word_code, inspections.disposition_word, '')
        != coalesce(dispositions.word_code, '')
        or coalesce(grades.word_code, inspections.grade_word, '')
        != coalesce(grades.word_code, '')
        or coalesce(parties.word_code, inspections.fault_party_word, '')
        != coalesce(parties.word_code, '') as has_unknown_words,
        -- units looked at: those found, else those that were missed, else one
        case
            when inspections.received_quantity > 0 then inspections.received_quantity
            when inspections.expected_quantity > 0 then inspections.expected_quantity
            else 1
        end as inspected_quantity,
        coalesce(inspections.received_quantity, 0) <= 0
        and coalesce(inspections.expected_quantity, 0) <= 0 as is_quantity_assumed
    from inspections

    {% for alias, word_type, column in [
        ('outcomes', 'outcome', 'outcome_word'),
        ('dispositions', 'disposition', 'disposition_word'),
        ('grades', 'grade', 'grade_word'),
        ('conditions', 'grade', 'condition_word'),
        ('parties', 'fault_party', 'fault_party_word'),
    ] %}
        left join words as {{ alias }}
            on
                inspections.{{ column }} = {{ alias }}.stated_word
                and {{ alias }}.word_type = '{{ word_type }}'
                and (
                    inspections.record_date
                    between {{ alias }}.valid_from and {{ alias }}.valid_to
                    or (inspections.record_date is null and {{ alias }}.is_open_ended)
                )
    {% endfor %}

),

-- where no word says what is done with the units, the counts may
disposed as (

    select
        *,
        case
            when coalesce(disposition_code, disposition_word) is not null
                then coalesce(disposition_code, disposition_word)
            when restocked_quantity >= inspected_quantity then 'restock'
            when inspection_outcome_code = 'empty_box' then 'missing'
            when
                inspected_date is not null
                and expected_quantity > 0
                and received_quantity = 0
                then 'missing'
        end as inspection_disposition_code
    from worded

)

select
    -- keys
    inspection_key,
    seller_id,
    inspection_id,
    rma_id,
    amazon_order_id,
    sku,
    license_plate_number,
    warehouse_id,
    agent_id,

    -- attributes
    folder_marketplace_code,
    inspection_outcome_code,
    inspection_disposition_code,
    grade_code,
    found_fault_party,
    stated_condition_name,
    stated_reason_code,
    stated_found_reason_code,
    image_label_name,
    image_provider_name,
    third_party_verdict_name,
    comment_text,

    -- measures
    expected_quantity,
    received_quantity,
    restocked_quantity,
    inspected_quantity,
    image_confidence_share,

    -- flags
    is_quantity_assumed,
    has_unknown_words,

    -- times
    record_date,
    received_at,
    received_precision,
    received_date,
    inspected_at,
    inspected_precision,
    inspected_date,
    updated_at

from disposed
