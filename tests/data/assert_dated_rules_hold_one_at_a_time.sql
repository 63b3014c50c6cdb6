-- Two rows of one rule in force on one day: which of them decides is left to chance. A
-- day without a row of a rule that is always needed: its months leave the marts unseen.
{{ config(meta={'dagster': {'ref': {'name': 'return_reasons'}}}) }}

{%- set names = {
    'account_metrics': ['metric_code'],
    'backlog_age_bands': ['age_band_code'],
    'claim_rules': ['claim_type', 'evidence_code', 'marketplace_code'],
    'dispositions': ['disposition_code'],
    'event_stages': ['source_code', 'stated_event_name'],
    'evidence_thresholds': ['evidence_source', 'provider_name'],
    'handling_costs': ['channel', 'currency_code'],
    'label_payers': ['label_payer_name'],
    'ledger_movements': ['event_word', 'adjustment_reason_code'],
    'marketplaces': ['marketplace_code'],
    'maturity_days': ['marketplace_code'],
    'measures': ['measure_code'],
    'misjudgement_classes': ['misjudgement_class'],
    'operation_words': ['word_type', 'stated_word'],
    'outcome_sources': ['outcome_source'],
    'outcome_words': ['source_code', 'disposition_code', 'status_code'],
    'overdue_days': ['channel', 'outcome_source'],
    'pitfalls': ['pitfall_code', 'stage_code'],
    'reason_evidence': [
        'return_reason_family', 'expected_label_payer', 'evidence_source',
        'evidence_code',
    ],
    'recovery_parameters': ['parameter_code'],
    'refund_deadlines': ['marketplace_code', 'channel'],
    'refund_policies': ['resolution_type'],
    'refund_vocabulary': ['settlement_version', 'amount_kind', 'amount_description'],
    'policy_assumptions': ['assumption_code'],
    'process_excuses': ['rule_code', 'excuse_code', 'channel', 'condition_code'],
    'process_rules': ['rule_code', 'channel'],
    'reimbursement_reasons': ['reimbursement_reason_alias'],
    'removal_words': ['word_kind', 'removal_word'],
    'replacement_reasons': ['replacement_reason_code'],
    'resale_grades': ['grade_code'],
    'resolutions': ['resolution_name'],
    'response_deadlines': ['marketplace_code', 'channel', 'deadline_type'],
    'restocking_fees': ['marketplace_code', 'inspection_outcome_code'],
    'return_fee_rules': ['marketplace_code', 'channel', 'category_name'],
    'return_outcomes': ['outcome_code'],
    'return_rate_parameters': ['parameter_code'],
    'return_reason_aliases': ['return_reason_alias'],
    'return_reasons': ['return_reason_code', 'marketplace_code', 'channel'],
    'return_stages': ['stage_code'],
    'safe_t_actions': ['safe_t_action_code'],
    'score_bands': ['band_code'],
    'score_curves': ['part_code', 'marketplace_code'],
    'score_parameters': ['parameter_code'],
    'score_risks': ['risk_code'],
    'score_weights': ['part_code'],
    'settlement_transaction_types': ['transaction_type'],
    'stage_sources': ['stage_code', 'source_code'],
    'stage_targets': ['stage_code', 'channel', 'marketplace_code'],
    'value_bands': ['value_band_code', 'currency_code'],
    'weekend_days': ['marketplace_code', 'iso_weekday'],
} %}
{#- A marketplace's own row may come and go: the default one holds where it does not. #}
{%- set always_needed = {
    'backlog_age_bands': 'true',
    'claim_rules': "marketplace_code = 'default'",
    'maturity_days': "marketplace_code = 'default'",
    'measures': 'true',
    'pitfalls': 'true',
    'policy_assumptions': 'true',
    'recovery_parameters': 'true',
    'return_rate_parameters': 'true',
    'score_curves': "marketplace_code = 'default'",
    'score_parameters': 'true',
    'score_weights': 'true',
    'stage_targets': "marketplace_code = 'default'",
} %}

with

dated as (

    {% for seed, columns in names.items() %}
        select
            '{{ seed }}' as seed_name,
            -- words are matched without regard to upper case
            lower(
                concat_ws('|', {{ columns | join(', ') }})
            ) as rule_name,
            {{ always_needed.get(seed, 'false') }} as is_always_needed,
            valid_from,
            valid_to
        from {{ ref(seed) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

followed as (

    select
        *,
        lag(valid_to) over (
            partition by seed_name, rule_name
            order by valid_from asc nulls last, valid_to asc nulls last
        ) as earlier_valid_to,
        lead(valid_from) over (
            partition by seed_name, rule_name
            order by valid_from asc nulls last, valid_to asc nulls last
        ) as later_valid_from
    from dated

),

judged as (

    select
        *,
        case
            when valid_from is null or valid_to is null then 'undated'
            when valid_from > valid_to then 'ends_before_start'
            when later_valid_from <= valid_to then 'overlap'
            when not is_always_needed then 'good'
            when earlier_valid_to is null and valid_from > cast('1900-01-01' as date)
                then 'starts_late'
            when later_valid_from is null and valid_to < cast('9999-12-31' as date)
                then 'ends_early'
            when later_valid_from > {{ dbt.dateadd('day', 1, 'valid_to') }} then 'gap'
            else 'good'
        end as finding
    from followed

)

select
    seed_name,
    rule_name,
    valid_from,
    valid_to,
    finding
from judged
where finding != 'good'
