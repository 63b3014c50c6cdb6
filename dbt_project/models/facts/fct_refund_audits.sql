{# Each question about the refund of a return, asked where it can be answered. An early
   or partial refund may be as allowed: at Amazon's first scan, by Amazon's own decision
   (fba), by a restocking fee. Open is the money still owed or not secured today. #}
with

audited as (

    select
        deadlines.*,
        returned.currency_code,
        progress.receipt_status,
        payments.refund_count,
        payments.refunded_amount,
        payments.double_refunded_amount,
        nullif(
            coalesce(payments.surplus_refunded_amount, 0)
            + coalesce(payments.unexpected_refunded_amount, 0)
            + coalesce(payments.other_item_refunded_amount, 0), 0
        ) as misplaced_amount,
        case
            when payments.surplus_refunded_amount > 0 then 'more_units_than_returned'
            when payments.unexpected_refunded_amount > 0 then 'no_refund_expected'
            when payments.other_item_refunded_amount > 0 then 'sku_differs'
            when checks.is_refunded_above_price then 'above_price'
        end as wrong_reason,
        checks.untaxed_refunded_amount - checks.goods_price_amount
            as above_price_amount,
        checks.goods_price_amount - checks.goods_refunded_amount as short_amount,
        fees.allowed_fee_amount >= fees.kept_fee_amount as is_fee_allowed,
        order_lines.item_amount
        * (progress.returned_quantity - progress.refunded_quantity)
        / nullif(order_lines.quantity, 0) as owed_amount,
        case
            when returned.channel = 'fba' then 'amazon'
            else coalesce(policies.refunding_party, 'seller')
        end as refunding_party,
        coalesce(policies.is_before_receipt_allowed, false) as is_early_allowed
    from {{ ref('fct_refund_deadlines') }} as deadlines
    inner join {{ ref('fct_returns') }} as returned
        on deadlines.return_key = returned.return_key
    inner join {{ ref('fct_return_progress') }} as progress
        on deadlines.return_key = progress.return_key
    left join {{ ref('fct_return_payments') }} as payments
        on deadlines.return_key = payments.return_key
    left join {{ ref('fct_refund_checks') }} as checks
        on
            returned.return_key = checks.return_key
            and returned.currency_code = checks.currency_code
    left join {{ ref('fct_restocking_fees') }} as fees
        on deadlines.return_key = fees.return_key
    left join {{ ref('fct_order_lines') }} as order_lines
        on
            returned.order_line_key = order_lines.order_line_key
            and returned.currency_code = order_lines.currency_code
    left join {{ ref('refund_policies') }} as policies
        on
            returned.resolution_type = policies.resolution_type
            and deadlines.requested_date
            between policies.valid_from and policies.valid_to
    where deadlines.is_counted and deadlines.month_start_date is not null

),

asked as (

    {% set rules = {
        'late': ["is_due", "deadline_status = 'late'"],
        'missing': ["is_due", "deadline_status = 'missing'"],
        'early': [
            "refund_status = 'done' and receipt_status in ('done', 'open')",
            "deadline_status = 'before_receipt' or receipt_status = 'open'",
        ],
        'partial': ["is_amount_checked", "is_partially_refunded"],
        'double': [
            "refund_status = 'done' or double_refunded_amount > 0",
            "coalesce(double_refunded_amount > 0, false)",
        ],
        'wrong': ["refund_count > 0", "wrong_reason is not null"],
    } -%}
    {% for fault, rule in rules.items() -%}
        select
            *,
            '{{ fault }}' as fault_class,
            {{ rule[1] }} as is_fault
        from audited
        where {{ rule[0] }}
        {{ "union all" if not loop.last }}
    {% endfor %}

),

judged as (

    select
        *,
        case
            when fault_class in ('late', 'missing') then deadline_status
            when fault_class = 'early' and receipt_status = 'open' then 'no_receipt'
            when fault_class = 'early' then 'before_receipt'
            when fault_class = 'partial' then 'below_price'
            when fault_class = 'double' then 'refunded_again'
            else wrong_reason
        end as fault_reason,
        case
            when fault_class = 'missing' then owed_amount
            when fault_class = 'partial' then short_amount
            when fault_class = 'double' then double_refunded_amount
            when fault_class = 'wrong'
                then coalesce(misplaced_amount, above_price_amount)
            else refunded_amount
        end as fault_amount,
        coalesce(
            fault_class = 'early' and (channel = 'fba' or is_early_allowed)
            or fault_class = 'partial' and (channel = 'fba' or is_fee_allowed), false
        ) as is_as_allowed
    from asked

)

select
    -- keys
    {{ surrogate_key(['return_key', 'fault_class']) }} as refund_audit_key,
    return_key,
    seller_id,
    marketplace_code,

    -- attributes
    channel,
    sku,
    fault_class,
    case when is_fault then fault_reason end as fault_reason,
    refunding_party,
    currency_code,

    -- measures
    cast(case when is_fault then fault_amount else 0 end as decimal(18, 2))
        as at_stake_amount,
    cast(case
        when not is_fault or is_as_allowed or fault_class = 'late' then 0
        when fault_class = 'early' and receipt_status != 'open' then 0
        else fault_amount
    end as decimal(18, 2)) as open_amount,

    -- flags
    is_fault,
    is_fault and is_as_allowed as is_explained,

    -- times
    month_start_date
from judged
