-- More taken back than was paid: Amazon would be owed money for units it lost.
{{ config(meta={'dagster': {'ref': {'name': 'fct_reimbursements'}}}) }}

select
    seller_id,
    coalesce(original_reimbursement_id, reimbursement_id) as reimbursement_id,
    sku,
    currency_code,
    sum(counted_amount) as net_amount,
    sum(counted_quantity) as net_quantity
from {{ ref('fct_reimbursements') }}
where is_counted
group by
    seller_id,
    coalesce(original_reimbursement_id, reimbursement_id),
    sku,
    currency_code
having sum(counted_amount) < 0 or sum(counted_quantity) < 0
