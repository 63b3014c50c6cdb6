-- Two rows of one reason, or two deadlines, in force on one day: which of them decides
-- would be left to chance.
{{ config(meta={'dagster': {'ref': {'name': 'return_reasons'}}}) }}

with

dated as (

    select
        'return_reasons' as seed_name,
        concat(return_reason_code, '|', marketplace_code, '|', channel) as rule_key,
        valid_from,
        valid_to
    from {{ ref('return_reasons') }}

    union all

    select
        'refund_deadlines' as seed_name,
        concat(marketplace_code, '|', channel, '|', clock_start) as rule_key,
        valid_from,
        valid_to
    from {{ ref('refund_deadlines') }}

    union all

    select
        'reason_evidence' as seed_name,
        concat(
            return_reason_family, '|', expected_label_payer, '|', evidence_source, '|',
            evidence_code
        ) as rule_key,
        valid_from,
        valid_to
    from {{ ref('reason_evidence') }}

)

select
    earlier.seed_name,
    earlier.rule_key
from dated as earlier
inner join dated as later
    on
        earlier.seed_name = later.seed_name
        and earlier.rule_key = later.rule_key
        and earlier.valid_from < later.valid_from
        and earlier.valid_to >= later.valid_from
