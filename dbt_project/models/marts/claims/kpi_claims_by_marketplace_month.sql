{# Claims counted in the month of the loss (of a reimbursement for none that is known,
   in that of its approval): what can still be claimed, what was, and with what
   result. #}
{%- set statuses = [
    'not_yet_open', 'open', 'claimed', 'granted', 'refused', 'clawed_back', 'expired',
    'undated', 'unknown',
] %}

with

claims as (

    select * from {{ ref('fct_claims') }}

),

soon as (

    select * from {{ ref('dim_recovery_parameters') }}
    where parameter_code = 'claim_soon_days'

),

judged as (

    select
        claims.*,
        coalesce(
            claims.claim_status = 'open' and claims.left_days <= soon.parameter_value,
            false
        ) as is_due_soon,
        claims.claim_status in ('granted', 'clawed_back') as is_granted
    from claims
    left join soon
        on claims.counted_date between soon.valid_from and soon.valid_to

),

summed as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        claim_type,
        currency_code,

        -- measures
        count(case when is_first_of_claim then 1 end) as claim_count,
        cast(sum(claim_quantity) as bigint) as claim_quantity,
        {% for status in statuses -%}
            count(
                case when is_first_of_claim and claim_status = '{{ status }}' then 1 end
            ) as {{ status }}_count,
        {% endfor -%}
        {% for status in ['not_yet_open', 'open', 'expired'] -%}
            cast(
                sum(case when claim_status = '{{ status }}' then due_amount end)
                as decimal(18, 2)
            ) as {{ status }}_amount,
        {% endfor -%}
        count(case when is_due_soon then 1 end) as due_soon_count,
        cast(sum(case when is_due_soon then due_amount end) as decimal(18, 2))
            as due_soon_amount,
        cast(sum(granted_amount) as decimal(18, 2)) as granted_amount,
        cast(sum(clawed_back_amount) as decimal(18, 2)) as clawed_back_amount,
        count(
            case
                when
                    claim_status in ('not_yet_open', 'open', 'expired')
                    and due_amount is null
                    then 1
            end
        ) as amount_unknown_count,
        count(case when is_window_assumed then 1 end) as window_assumed_count,
        count(case when is_first_of_claim and is_granted then 1 end)
            as ever_granted_count,

        -- times
        min(case when claim_status = 'open' then deadline_date end)
            as next_deadline_date
    from judged
    group by
        seller_id, marketplace_code, channel, month_start_date, claim_type,
        currency_code

),

decided as (

    select
        *,
        ever_granted_count + refused_count as decided_count
    from summed

)

select
    *,
    {{ share('ever_granted_count', 'decided_count') }} as granted_share,
    {{ wilson_bound('ever_granted_count', 'decided_count', 'low') }}
        as granted_share_low,
    {{ wilson_bound('ever_granted_count', 'decided_count', 'high') }}
        as granted_share_high
from decided
