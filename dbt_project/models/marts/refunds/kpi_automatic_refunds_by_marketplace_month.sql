with

decisions as (

    select
        *,
        coalesce(currency_code, 'unknown') as known_currency_code
    from {{ ref('fct_refund_decisions') }}

),

summed as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        known_currency_code as currency_code,

        -- measures
        count(*) as refunded_return_count,
        count(*) filter (where is_resolution_known) as resolution_known_count,
        count(*) filter (where is_automatic) as automatic_count,
        {% for resolution in [
            'refund_at_first_scan', 'automated_refund', 'returnless_refund'
        ] -%}
            count(*) filter (where resolution_type = '{{ resolution }}')
                as {{ resolution }}_count,
        {% endfor -%}
        count(*) filter (where is_claimed) as claimed_count,
        count(*) filter (where is_right_lost) as right_lost_count,
        count(*) filter (where is_right_lost and right_lost_reason = 'a_to_z')
            as right_lost_to_a_to_z_count,
        -- only a ground of unknown money leaves the amount unknown
        count(*) filter (where is_right_lost and coalesce(claimable_amount > 0, true))
            as right_lost_with_ground_count,
        count(*) filter (where is_right_lost and claimable_amount is not null)
            as claimable_known_count,
        cast(coalesce(sum(refunded_amount), 0) as decimal(18, 2)) as refunded_amount,
        cast(coalesce(sum(
            case when is_automatic then refunded_amount end
        ), 0) as decimal(18, 2)) as automatic_refunded_amount,
        cast(coalesce(sum(
            case when is_right_lost then refunded_amount end
        ), 0) as decimal(18, 2)) as right_lost_refunded_amount,
        cast(coalesce(sum(
            case when is_right_lost then claimable_amount end
        ), 0) as decimal(18, 2)) as right_lost_claimable_amount
    from decisions
    group by
        seller_id, marketplace_code, channel, month_start_date, known_currency_code

)

select
    *,
    {{ share('automatic_count', 'resolution_known_count') }} as automatic_share,
    {{ wilson_bound('automatic_count', 'resolution_known_count', 'low') }}
        as automatic_share_low,
    {{ wilson_bound('automatic_count', 'resolution_known_count', 'high') }}
        as automatic_share_high,
    {{ share('right_lost_count', 'refunded_return_count') }} as right_lost_share,
    {{ wilson_bound('right_lost_count', 'refunded_return_count', 'low') }}
        as right_lost_share_low,
    {{ wilson_bound('right_lost_count', 'refunded_return_count', 'high') }}
        as right_lost_share_high,
    {{ share('resolution_known_count', 'refunded_return_count') }} as known_share
from summed
