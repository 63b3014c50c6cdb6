-- A word of the warehouse or helpdesk that no list has keeps a finding out of the
-- verdicts, a message out of the response times. A warning: it must be seen, not stop.
{{ config(
    severity='warn',
    meta={'dagster': {'ref': {'name': 'fct_inspections'}}}
) }}

select
    'inspection' as record_type,
    inspection_key as record_key
from {{ ref('fct_inspections') }}
where has_unknown_words

union all

select
    'message' as record_type,
    message_key as record_key
from {{ ref('fct_messages') }}
where not is_sender_kind_known
