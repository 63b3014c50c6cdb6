{# What was misjudged, with its money. The findings of one return are about the same
   refund, so they share it out in the order of the seed: the weightiest takes its part
   first, the next what is left. So the parts add up, over returns and over classes.
   What Amazon gave back (SAFE-T and reimbursements) fills the seller's parts in the
   same order. #}
with

judgements as (

    select * from {{ ref('fct_return_judgements') }}
    where is_misjudged

),

returns as (

    select * from {{ ref('fct_returns') }}

),

reimbursed as (

    select
        return_key,
        currency_code,
        sum(reimbursed_amount) as reimbursed_total
    from {{ ref('fct_return_outcomes') }}
    where return_key is not null
    group by return_key, currency_code

),

borne as (

    select
        judgements.*,
        returns.amazon_order_id,
        returns.evidence_source,
        returns.stated_fault_party,
        returns.evidenced_fault_party,
        case
            when judgements.misjudgement_class = 'label_paid_by_wrong_party'
                then returns.label_payer
            when
                judgements.misjudgement_class = 'wrong_party_blamed'
                and returns.evidenced_fault_party not in ('amazon', 'carrier')
                then returns.stated_fault_party
            else 'seller'
        end as bearing_party,
        case judgements.misjudgement_class
            when 'label_paid_by_wrong_party' then judgements.owing_label_payer
            when 'wrong_party_blamed' then returns.evidenced_fault_party
            else 'buyer'
        end as owing_party,
        case
            when judgements.money_type = 'refund' then payments.refunded_amount
            else judgements.at_stake_amount
        end as pool_amount,
        coalesce(returns.claim_amount, 0) + coalesce(reimbursed.reimbursed_total, 0)
            as given_back_amount
    from judgements
    inner join returns
        on judgements.return_key = returns.return_key
    left join {{ ref('fct_return_payments') }} as payments
        on judgements.return_key = payments.return_key
    left join reimbursed
        on
            returns.return_key = reimbursed.return_key
            and returns.currency_code = reimbursed.currency_code

),

shared as (

    -- least() passes over a null, so what is not known is kept apart
    select
        *,
        case
            when at_stake_amount is not null
                then least(at_stake_amount, greatest(
                    pool_amount - coalesce(sum(at_stake_amount) over (
                        partition by return_key, money_type
                        order by class_order asc nulls last
                        rows between unbounded preceding and 1 preceding
                    ), 0),
                    0
                ))
        end as misjudged_amount
    from borne

),

sided as (

    select
        *,
        case when bearing_party = 'seller' then misjudged_amount else 0 end
            as seller_amount
    from shared

),

recovered as (

    select
        *,
        case
            when seller_amount is not null
                then least(seller_amount, greatest(
                    given_back_amount - coalesce(sum(seller_amount) over (
                        partition by return_key
                        order by class_order asc nulls last
                        rows between unbounded preceding and 1 preceding
                    ), 0),
                    0
                ))
        end as recovered_amount
    from sided

)

select
    -- keys
    judgement_key as misjudgement_key,
    return_key,
    seller_id,
    marketplace_code,
    amazon_order_id,

    -- attributes
    channel,
    sku,
    misjudgement_class,
    evidence_source,
    stated_fault_party,
    evidenced_fault_party,
    bearing_party,
    owing_party,
    currency_code,

    -- measures
    at_stake_amount,
    cast(misjudged_amount as decimal(18, 2)) as misjudged_amount,
    cast(recovered_amount as decimal(18, 2)) as recovered_amount,
    cast(seller_amount - recovered_amount as decimal(18, 2)) as lost_amount,

    -- times
    month_start_date
from recovered
