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

-- what the seller bore and another should have, where SAFE-T pays for such a thing;
-- one unknown amount leaves the whole unknown
grounds as (

    select
        findings.return_key,
        case
            when count(*) = count(findings.misjudged_amount)
                then sum(findings.misjudged_amount)
        end as claimable_total
    from {{ ref('fct_misjudgements') }} as findings
    inner join {{ ref('misjudgement_classes') }} as classes
        on
            findings.misjudgement_class = classes.misjudgement_class
            and findings.month_start_date
            between classes.valid_from and classes.valid_to
    where findings.bearing_party = 'seller' and classes.is_safe_t_ground
    group by findings.return_key

),

decided as (

    select
        returns.*,
        payments.refunded_amount as paid_amount,
        case when grounds.return_key is null then 0 else grounds.claimable_total end
            as claimable_total,
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
