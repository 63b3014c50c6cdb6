{# Claims the seller's reports show: SAFE-T claims of the returns report, one on each of
   its returns, and what Amazon reimbursed, asked or unasked. #}
with

returns as (

    select * from {{ ref('fct_returns') }}
    where coalesce(safe_t_claim_id, safe_t_claim_status) is not null

),

progress as (

    select * from {{ ref('fct_return_progress') }}

),

reimbursements as (

    select * from {{ ref('fct_reimbursements') }}
    where not is_reversal

),

paid_items as (

    select
        linked_key,
        max(return_key) as return_key,
        max(refund_key) as refund_key
    from {{ ref('fct_return_links') }}
    where linked_type = 'reimbursement'
    group by linked_key

),

unioned as (

    select
        returns.return_key as record_key,
        returns.return_key,
        cast(null as {{ dbt.type_string() }}) as refund_key,
        returns.safe_t_claim_id as claim_reference_id,
        returns.seller_id,
        returns.marketplace_code,
        returns.channel,
        returns.amazon_order_id,
        returns.sku,
        'safe_t' as claim_type,
        'filed' as evidence_code,
        case returns.safe_t_claim_status
            when 'granted' then 'granted'
            when 'denied' then 'refused'
            else 'claimed'
        end as claim_status,
        returns.safe_t_action_code as claim_reason_code,
        returns.currency_code,
        returns.returned_quantity as claim_quantity,
        returns.claim_amount as granted_amount,
        cast(null as decimal(18, 2)) as clawed_back_amount,
        coalesce(
            progress.first_refunded_date_local, returns.received_date,
            returns.requested_date
        ) as loss_date,
        cast(null as date) as decided_date
    from returns
    inner join progress
        on returns.return_key = progress.return_key

    union all

    select
        reimbursements.reimbursement_key as record_key,
        paid_items.return_key,
        paid_items.refund_key,
        reimbursements.reimbursement_id as claim_reference_id,
        reimbursements.seller_id,
        reimbursements.marketplace_code,
        'fba' as channel,
        reimbursements.amazon_order_id,
        reimbursements.sku,
        case
            when reimbursements.is_return_related then 'fba_customer_return'
            when reimbursements.reimbursement_reason_code = 'LOST_WAREHOUSE'
                then 'fba_lost'
            when reimbursements.reimbursement_reason_code = 'DAMAGED_WAREHOUSE'
                then 'fba_damaged'
            else 'fba_other'
        end as claim_type,
        'reimbursement' as evidence_code,
        case
            when
                reimbursements.reversed_amount >= reimbursements.reimbursed_amount
                and reimbursements.reversed_amount > 0
                then 'clawed_back'
            else 'granted'
        end as claim_status,
        reimbursements.reimbursement_reason_code as claim_reason_code,
        reimbursements.currency_code,
        reimbursements.reimbursed_quantity as claim_quantity,
        reimbursements.reimbursed_amount as granted_amount,
        reimbursements.reversed_amount as clawed_back_amount,
        cast(null as date) as loss_date,
        reimbursements.approved_date_local as decided_date
    from reimbursements
    left join paid_items
        on reimbursements.reimbursement_key = paid_items.linked_key

)

select
    -- keys
    {{ surrogate_key(['claim_type', 'record_key']) }} as claim_key,
    record_key,
    return_key,
    refund_key,
    claim_reference_id,
    seller_id,
    marketplace_code,

    -- attributes
    channel,
    amazon_order_id,
    sku,
    claim_type,
    evidence_code,
    claim_status,
    claim_reason_code,
    currency_code,

    -- measures
    claim_quantity,
    granted_amount,
    clawed_back_amount,

    -- flags
    row_number() over (
        partition by seller_id, claim_type, coalesce(claim_reference_id, record_key)
        order by record_key asc nulls last
    ) = 1 as is_first_of_claim,

    -- times
    loss_date,
    decided_date
from unioned
