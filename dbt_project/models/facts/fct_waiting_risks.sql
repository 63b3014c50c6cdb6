{# What each parcel may lose if it waits another week (seed `recovery_parameters`):
   resale value, the right to claim, and the right that a late refund loses. An inspection
   that was not made counts with the share of inspections that found a claim. #}
{%- set codes = [
    'week_decay_share', 'queue_horizon_days', 'claimable_prior_share',
    'claimable_prior_count',
] %}
with

waiting as (

    select * from {{ ref('fct_waiting_returns') }}

),

weights as (

    select * from {{ ref('dim_recovery_parameters') }}

),

sellers as (

    select * from {{ ref('dim_sellers') }}

),

in_force as (

    select
        {% for code in codes -%}
            cast(
                max(
                    case
                        when weights.parameter_code = '{{ code }}'
                            then weights.parameter_value
                    end
                ) as double
            ) as {{ code }},
        {% endfor -%}
        sellers.seller_id
    from sellers
    inner join weights
        on sellers.data_as_of_date between weights.valid_from and weights.valid_to
    group by sellers.seller_id

),

inspected as (

    -- how often an inspection found that not the seller is at fault
    select
        seller_id,
        count(*) as inspected_count,
        count(
            case when evidenced_fault_party in ('buyer', 'carrier', 'amazon') then 1 end
        ) as claimable_count
    from {{ ref('fct_returns') }}
    where is_counted and evidence_source = 'inspection'
    group by seller_id

),

weighed as (

    select
        waiting.*,
        in_force.queue_horizon_days as horizon_days,
        -- what waiting has taken already is not at risk any more
        power(1 - in_force.week_decay_share, waiting.waiting_days / 7.0)
        - power(
            1 - in_force.week_decay_share,
            (waiting.waiting_days + in_force.queue_horizon_days) / 7
        ) as decay_share,
        (
            coalesce(inspected.claimable_count, 0)
            + in_force.claimable_prior_share * in_force.claimable_prior_count
        ) / (
            coalesce(inspected.inspected_count, 0) + in_force.claimable_prior_count
        ) as claimable_share,
        {{ dbt.datediff('waiting.queue_date', 'waiting.claim_deadline_date', 'day') }}
            as claim_left_days,
        {{ dbt.datediff('waiting.queue_date', 'waiting.refund_due_date', 'day') }}
            as refund_left_days
    from waiting
    inner join in_force
        on waiting.seller_id = in_force.seller_id
    left join inspected
        on waiting.seller_id = inspected.seller_id

),

parts as (

    select
        *,
        goods_amount * decay_share as decay_part,
        case
            when claim_left_days < 0 or claim_deadline_date is null then 0
            else
                case
                    when claimable_amount is not null then claimable_amount
                    -- the inspection was made and found nothing to claim
                    when open_stage_code = 'inspected' then 0
                    else refunded_amount * claimable_share
                end
                * case
                    when claim_left_days <= horizon_days then 1
                    else horizon_days / claim_left_days
                end
        end as claim_part,
        case
            when is_refund_due and refund_left_days <= horizon_days
                then price_amount * claimable_share
            else 0
        end as refund_part
    from weighed

)

select
    -- keys
    return_key,
    seller_id,
    marketplace_code,

    -- attributes
    currency_code,

    -- measures
    cast(claimable_share as decimal(9, 6)) as claimable_share,
    {% for part in ['decay', 'claim', 'refund'] -%}
        cast(round(coalesce({{ part }}_part, 0), 2) as decimal(18, 2))
            as {{ part }}_risk_amount,
    {% endfor %}
    -- flags
    goods_amount is not null and claim_part is not null and refund_part is not null
        as is_risk_known
from parts
