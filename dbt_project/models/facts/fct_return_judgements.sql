{# Each rule of judging asked of each return it can look at. A label counts as paid by
   the wrong party where a finding or the marketplace's table names another; a seller
   may pay more than he must, so one he paid for the buyer's fault counts only where the
   buyer had stated another reason, or the table has the buyer pay. Blaming the wrong
   party has money of its own only where somebody else broke the goods: what a buyer's
   false reason costs is the label and the fee. #}
with

returns as (

    select
        *,
        {{ return_month() }} as month_start_date,
        attribution_verdict in ('agrees', 'contradicts') as is_judged,
        {{ label_is_used() }} as is_label_used
    from {{ ref('fct_returns') }}
    where is_counted and coalesce(requested_date, received_date) is not null

),

payments as (

    select * from {{ ref('fct_return_payments') }}

),

checks as (

    select * from {{ ref('fct_refund_checks') }}

),

known as (

    select
        returns.*,
        coalesce(payments.refund_count, 0) as refund_count,
        payments.refunded_amount as paid_amount,
        checks.untaxed_refunded_amount,
        checks.goods_price_amount,
        coalesce(checks.is_refunded_above_price, false) as is_above_price,
        coalesce(payments.double_refunded_amount, 0)
        + coalesce(payments.surplus_refunded_amount, 0) as extra_amount,
        fees.waived_fee_amount,
        case
            when returns.evidence_source = 'payer' and returns.is_judged
                then 'unassigned'
            when returns.is_judged and returns.evidenced_fault_party = 'seller'
                then 'seller'
            when
                returns.attribution_verdict = 'contradicts'
                and returns.evidenced_fault_party = 'buyer'
                then 'buyer'
            else returns.expected_label_payer
        end as owing_label_payer
    from returns
    left join payments
        on returns.return_key = payments.return_key
    left join checks
        on
            returns.return_key = checks.return_key
            and returns.currency_code = checks.currency_code
    left join {{ ref('fct_restocking_fees') }} as fees
        on returns.return_key = fees.return_key

),

asked as (

    select
        known.*,
        classes.misjudgement_class,
        classes.money_type,
        classes.class_order,
        case classes.misjudgement_class
            when 'label_paid_by_wrong_party'
                then
                    known.is_label_used
                    and known.label_cost_amount > 0
                    and known.label_payer in ('buyer', 'seller')
                    and known.owing_label_payer in ('buyer', 'seller')
            when 'refund_above_policy' then known.goods_price_amount > 0
            when 'out_of_policy_accepted'
                then known.has_stated_policy and not known.is_in_policy
            when 'wrong_party_blamed'
                then
                    known.is_judged
                    and known.stated_fault_party != 'unassigned'
                    and known.evidenced_fault_party != 'unassigned'
            else known.waived_fee_amount is not null
        end as is_checked,
        case classes.misjudgement_class
            when 'label_paid_by_wrong_party'
                then known.label_payer != known.owing_label_payer
            when 'refund_above_policy'
                then known.extra_amount > 0 or known.is_above_price
            when 'out_of_policy_accepted' then known.refund_count > 0
            when 'wrong_party_blamed'
                then known.stated_fault_party != known.evidenced_fault_party
            else known.waived_fee_amount > 0
        end as is_misjudged
    from known
    inner join {{ ref('misjudgement_classes') }} as classes
        on
            coalesce(known.requested_date, known.received_date)
            between classes.valid_from and classes.valid_to

)

select
    -- keys
    {{ surrogate_key(['return_key', 'misjudgement_class']) }} as judgement_key,
    return_key,
    seller_id,
    marketplace_code,

    -- attributes
    channel,
    sku,
    misjudgement_class,
    money_type,
    owing_label_payer,
    currency_code,

    -- measures: null where the money is not known
    class_order,
    cast(case
        when not is_misjudged then 0
        when misjudgement_class = 'label_paid_by_wrong_party' then label_cost_amount
        when misjudgement_class = 'out_of_policy_accepted' then paid_amount
        when misjudgement_class = 'restocking_fee_waived' then waived_fee_amount
        when misjudgement_class = 'refund_above_policy'
            then
                extra_amount + case
                    when is_above_price
                        then untaxed_refunded_amount - goods_price_amount
                    else 0
                end
        when evidenced_fault_party in ('amazon', 'carrier')
            then untaxed_refunded_amount
        else 0
    end as decimal(18, 2)) as at_stake_amount,

    -- flags
    is_misjudged,

    -- times
    month_start_date
from asked
where is_checked
