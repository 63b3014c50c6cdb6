{# What an inspection says about the reason of the return, in codes that the rules of
   evidence know. A finding of an image service needs enough confidence to count. #}
with

spelled as (

    select
        *,
        upper({{ word_spelling('stated_found_reason_code') }}) as spelling,
        {{ word_spelling('third_party_verdict_name') }} as verdict_word,
        {{ word_spelling('image_label_name') }} as label_word
    from {{ ref('int_inspections__worded') }}

),

inspections as (

    -- a reason in Amazon's code has its prefix, as in a return report
    select
        *,
        case
            when spelling like 'AMZ_PG_%' then substring(spelling, 8)
            when spelling like 'CR_%' then substring(spelling, 4)
            else spelling
        end as reason_word
    from spelled

),

reasons as (

    select * from {{ ref('return_reasons') }}
    where marketplace_code = 'default'

),

-- the row for all channels before one of a channel
found_reasons as (

    select
        inspections.inspection_key,
        coalesce(aliases.return_reason_code, inspections.reason_word)
            as found_reason_code,
        reasons.return_reason_family,
        reasons.fault_party,
        row_number() over (
            partition by inspections.inspection_key
            order by
                case when reasons.channel = 'default' then 0 else 1 end asc nulls last,
                reasons.channel asc nulls last
        ) as preference_number
    from inspections
    left join {{ ref('return_reason_aliases') }} as aliases
        on
            inspections.reason_word = aliases.return_reason_alias
            and inspections.record_date between aliases.valid_from and aliases.valid_to
    left join reasons
        on
            coalesce(aliases.return_reason_code, inspections.reason_word)
            = reasons.return_reason_code
            and inspections.record_date between reasons.valid_from and reasons.valid_to
    where inspections.reason_word is not null

),

words as (

    select * from {{ ref('operation_words') }}

),

thresholds as (

    select
        inspections.inspection_key,
        thresholds.minimum_share,
        row_number() over (
            partition by inspections.inspection_key
            order by
                case when thresholds.provider_name = 'default' then 1 else 0 end asc
                nulls last
        ) as preference_number
    from inspections
    inner join {{ ref('evidence_thresholds') }} as thresholds
        on
            thresholds.evidence_source = 'image'
            and thresholds.provider_name
            in (lower(inspections.image_provider_name), 'default')
            and coalesce(inspections.record_date, thresholds.valid_to)
            between thresholds.valid_from and thresholds.valid_to
    where inspections.image_label_name is not null

),

judged as (

    select
        inspections.inspection_key,
        inspections.record_date,
        coalesce(inspections.inspected_at, inspections.updated_at) as recorded_at,
        found_reasons.found_reason_code,
        found_reasons.return_reason_family as found_reason_family,
        case
            when
                inspections.found_fault_party
                in ('buyer', 'seller', 'amazon', 'carrier')
                then inspections.found_fault_party
        end as named_fault_party,
        case
            when found_reasons.fault_party in ('buyer', 'seller', 'amazon', 'carrier')
                then found_reasons.fault_party
        end as reasoned_fault_party,
        inspections.inspection_outcome_code as outcome_code,
        coalesce(
            'fault_' || verdict_parties.word_code,
            verdict_outcomes.word_code,
            inspections.verdict_word
        ) as third_party_code,
        coalesce(label_outcomes.word_code, inspections.label_word) as image_code,
        coalesce(
            inspections.image_confidence_share >= thresholds.minimum_share, false
        ) as is_image_sure
    from inspections
    left join found_reasons
        on
            inspections.inspection_key = found_reasons.inspection_key
            and found_reasons.preference_number = 1
    left join thresholds
        on
            inspections.inspection_key = thresholds.inspection_key
            and thresholds.preference_number = 1
    left join words as verdict_parties
        on
            inspections.verdict_word = verdict_parties.stated_word
            and verdict_parties.word_type = 'fault_party'
            and verdict_parties.word_code != 'unassigned'
    left join words as verdict_outcomes
        on
            inspections.verdict_word = verdict_outcomes.stated_word
            and verdict_outcomes.word_type = 'outcome'
    left join words as label_outcomes
        on
            inspections.label_word = label_outcomes.stated_word
            and label_outcomes.word_type = 'outcome'

)

select * from judged
