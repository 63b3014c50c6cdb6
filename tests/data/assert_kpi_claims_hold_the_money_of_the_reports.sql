-- What Amazon granted and took back stands once in the reports and once in the claims.
-- A claim counted on each of its lines would promise money that was paid already.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_claims_by_marketplace_month'}}}) }}

with

sides as (

    select
        seller_id,
        marketplace_code,
        claim_type = 'safe_t' as is_safe_t,
        coalesce(granted_amount, 0) - coalesce(clawed_back_amount, 0) as amount
    from {{ ref('kpi_claims_by_marketplace_month') }}

    union all

    select
        seller_id,
        marketplace_code,
        true as is_safe_t,
        -claim_amount as amount
    from {{ ref('fct_returns') }}
    where claim_amount is not null

    union all

    select
        seller_id,
        marketplace_code,
        false as is_safe_t,
        -counted_amount as amount
    from {{ ref('fct_reimbursements') }}
    where is_counted

)

select
    seller_id,
    marketplace_code,
    is_safe_t,
    sum(amount) as difference_amount
from sides
group by seller_id, marketplace_code, is_safe_t
having sum(amount) != 0
