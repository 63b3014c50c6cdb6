-- A refund whose components miss its cost has money in no component or in two.
{{ config(meta={'dagster': {'ref': {'name': 'fct_refunds'}}}) }}

select
    refund_key,
    refunded_amount,
    net_cost_amount
from {{ ref('fct_refunds') }}
where
    net_cost_amount
    != principal_amount + tax_amount + shipping_amount + restocking_fee_amount
    + other_amount + promotion_amount + fee_amount + withheld_tax_amount
    + unknown_amount
    or refunded_amount
    != principal_amount + tax_amount + shipping_amount + restocking_fee_amount
    + other_amount + promotion_amount
