{# Who decided a refund, and whether the seller can still claim it back. A claim that
   was filed all the same is not called lost: Amazon took it up. #}
with

returns as (

    select
        *,
        {{ return_month() }} as month_start_date
    from {{ ref('fct_returns') }}
    where is_counted and channel = 'mfn' and requested_date is not null

),

payments as (

    select * from {{ ref('fct_return_payments') }}

),

policies as (

    select * from {{ ref('refund_policies') }}

),

-- what the seller bore and another should have: the ground of a claim
grounds as (

    select
        return_key,
        sum(misjudged_amount) as claimable_total
    from {{ ref('fct_misjudgements') }}
    where bearing_party = 'seller'
    group by return_key

),

decided as (

    select
        returns.*,
        payments.refunded_amount as paid_amount,
        coalesce(grounds.claimable_total, 0) as claimable_total,
        coalesce(policies.refunding_party, 'unknown') as refunding_party,
        policies.resolution_type is not null as is_resolution_known,
        coalesce(policies.is_automatic, false) as is_automatic,
        case
            when not policies.has_claim_right then 'automated_refund'
            when payments.has_a_to_z_refund then 'a_to_z'
        end as right_lost_reason
    from returns
    inner join payments
        on returns.return_key = payments.return_key
    left join policies
        on
            returns.resolution_type = policies.resolution_type
            and returns.requested_date between policies.valid_from and policies.valid_to
    left join grounds
        on returns.return_key = grounds.return_key

)

select
    -- keys
    return_key,
    seller_id,
    marketplace_code,

    -- attributes
    channel,
    sku,
    resolution_type,
    refunding_party,
    right_lost_reason,
    currency_code,

    -- measures
    paid_amount as refunded_amount,
    cast(claimable_total as decimal(18, 2)) as claimable_amount,

    -- flags
    is_resolution_known,
    is_automatic,
    safe_t_claim_id is not null as is_claimed,
    right_lost_reason is not null and safe_t_claim_id is null as is_right_lost,

    -- times
    month_start_date
from decided
