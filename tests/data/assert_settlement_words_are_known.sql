-- A word of Amazon's that no seed has keeps money out of its component, or a refund out
-- of the refunds. Only a warning: a new word must be seen, not stop the build.
{{ config(
    severity='warn',
    meta={'dagster': {'ref': {'name': 'fct_settlements'}}}
) }}

select
    settlement_key,
    unknown_transaction_type_count,
    unknown_component_count
from {{ ref('fct_settlements') }}
where unknown_transaction_type_count > 0 or unknown_component_count > 0
