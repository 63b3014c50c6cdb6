{# Losses somebody else may have to pay and for which no claim is known: units that were
   refunded, and what Amazon's ledger says of its warehouses. What the loss can be shown
   by decides which claim it makes. #}
with

units as (

    select * from {{ ref('fct_return_outcomes') }}
    where is_counted

),

returns as (

    select * from {{ ref('fct_returns') }}

),

warehouse_losses as (

    select * from {{ ref('fct_warehouse_losses') }}
    where unanswered_quantity > 0

),

versions as (

    select * from {{ ref('dim_product_versions') }}
    where unit_cost_amount is not null

),

judged as (

    select
        units.*,
        case
            when units.channel = 'fba' and units.outcome_code = 'reimbursed' then null
            when units.channel = 'fba' and units.match_reason = 'no_return'
                then 'not_returned'
            when
                units.channel = 'fba'
                and returns.evidence_source = 'disposition'
                and returns.evidenced_fault_party in ('amazon', 'carrier')
                then 'damaged_by_amazon'
            when
                units.channel = 'fba'
                or returns.safe_t_claim_id is not null
                or returns.safe_t_claim_status is not null
                then null
            when
                units.return_key is null
                and units.match_reason in ('a_to_z', 'no_return')
                then units.match_reason
            when units.return_key is null or units.refund_key is null then null
            -- Amazon pays no SAFE-T claim on a refund it granted itself
            when returns.has_a_to_z_claim
                then case when units.outcome_code != 'restocked' then 'a_to_z' end
            when
                returns.received_date is null
                and units.outcome_code in ('open', 'lost')
                then case when not returns.is_returnless then 'not_received' end
            when units.outcome_source = 'inspections' and units.outcome_code = 'lost'
                then 'inspection'
            when
                returns.evidence_source != 'inspection'
                or returns.evidenced_fault_party in ('seller', 'unassigned')
                then null
            when units.outcome_code != 'restocked' then 'inspection'
            when
                returns.evidenced_fault_party = 'buyer'
                and returns.label_payer = 'seller'
                and units.label_cost_amount > 0
                then 'return_label'
        end as evidence_code
    from units
    left join returns
        on units.return_key = returns.return_key

),

costs as (

    select
        warehouse_losses.warehouse_loss_key,
        min(versions.currency_code) as currency_code,
        min(versions.unit_cost_amount) as unit_cost_amount
    from warehouse_losses
    inner join versions
        on
            warehouse_losses.seller_id = versions.seller_id
            and warehouse_losses.sku = versions.sku
            and warehouse_losses.marketplace_code = versions.marketplace_code
            and warehouse_losses.loss_date
            between versions.valid_from_date and versions.valid_to_date
    group by warehouse_losses.warehouse_loss_key

)

select
    unit_key as loss_key,
    return_key,
    refund_key,
    seller_id,
    marketplace_code,
    channel,
    amazon_order_id,
    sku,
    evidence_code,
    currency_code,
    cast(1 as bigint) as lost_quantity,
    cast(
        refunded_amount - case outcome_code
            when 'resold' then resale_amount
            when 'liquidated' then liquidation_amount
            else 0
        end as decimal(18, 2)
    ) as refund_loss_amount,
    cost_of_goods_amount,
    label_cost_amount,
    refunded_date_local as loss_date,
    return_date as began_date
from judged
where evidence_code is not null

union all

select
    warehouse_losses.warehouse_loss_key as loss_key,
    cast(null as {{ dbt.type_string() }}) as return_key,
    cast(null as {{ dbt.type_string() }}) as refund_key,
    warehouse_losses.seller_id,
    warehouse_losses.marketplace_code,
    'fba' as channel,
    cast(null as {{ dbt.type_string() }}) as amazon_order_id,
    warehouse_losses.sku,
    warehouse_losses.claim_type as evidence_code,
    costs.currency_code,
    warehouse_losses.unanswered_quantity as lost_quantity,
    cast(null as decimal(18, 2)) as refund_loss_amount,
    cast(
        costs.unit_cost_amount * warehouse_losses.unanswered_quantity
        as decimal(18, 2)
    ) as cost_of_goods_amount,
    cast(null as decimal(18, 2)) as label_cost_amount,
    warehouse_losses.loss_date,
    warehouse_losses.loss_date as began_date
from warehouse_losses
left join costs
    on warehouse_losses.warehouse_loss_key = costs.warehouse_loss_key
