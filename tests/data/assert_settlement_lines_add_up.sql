-- Lines that miss the settlement's own total mean money that is not in the facts. Only
-- a warning: real documents are cut off at times, and the difference is shown.
{{ config(
    severity='warn',
    meta={'dagster': {'ref': {'name': 'fct_settlements'}}}
) }}

select
    settlement_key,
    stated_total_amount,
    lines_total_amount,
    difference_amount
from {{ ref('fct_settlements') }}
where has_stated_total and not is_reconciled
