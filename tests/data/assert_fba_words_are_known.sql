-- A word of Amazon's that no seed has takes a reimbursement from the returns, a removal
-- from its outcome, a movement from its kind. Only a warning: a new word must be seen,
-- not stop the build.
{{ config(
    severity='warn',
    meta={'dagster': {'ref': {'name': 'fct_reimbursements'}}}
) }}

select distinct
    'reimbursement reason' as word_kind,
    stated_reason_name as stated_word
from {{ ref('fct_reimbursements') }}
where not is_reason_known

union all

select distinct
    'removal type' as word_kind,
    stated_type_name as stated_word
from {{ ref('fct_removals') }}
where removal_type = 'unknown' and stated_type_name is not null

union all

select distinct
    'removal status' as word_kind,
    stated_status_name as stated_word
from {{ ref('fct_removals') }}
where removal_status = 'unknown' and stated_status_name is not null

union all

select distinct
    'removal source' as word_kind,
    stated_source_name as stated_word
from {{ ref('fct_removals') }}
where removal_source = 'unknown' and stated_source_name is not null

union all

select distinct
    'replacement reason' as word_kind,
    replacement_reason_code as stated_word
from {{ ref('fct_replacements') }}
where replacement_reason_name is null and replacement_reason_code is not null

union all

select distinct
    'ledger movement' as word_kind,
    stated_event_name as stated_word
from {{ ref('int_ledger_events__classified') }}
where movement_type = 'other'
