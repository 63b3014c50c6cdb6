{# What each headline number rests on: of its own cases, how many are matched to their
   order, timed to the second, told with a known reason and placed in a marketplace. A
   number of the orders (satisfaction) asks all returns of the order. #}
{%- set traits = ['matched', 'second_precise', 'known_reason', 'known_marketplace'] %}

with

returns as (

    select
        *,
        {{ return_month() }} as month_start_date
    from {{ ref('fct_returns') }}
    where is_counted

),

precise_refunds as (

    select
        matches.return_key,
        min(case when refunds.posted_precision = 'second' then 1 else 0 end) = 1
            as is_refund_precise
    from {{ ref('fct_return_refund_matches') }} as matches
    inner join {{ ref('fct_refunds') }} as refunds
        on matches.refund_key = refunds.refund_key
    where matches.return_key is not null
    group by matches.return_key

),

traits as (

    select
        returns.return_key,
        returns.seller_id,
        returns.marketplace_code,
        returns.channel,
        returns.amazon_order_id,
        returns.month_start_date,
        returns.attribution_verdict,
        returns.order_match_class = 'order_line' as is_matched,
        coalesce(returns.requested_precision, returns.received_precision) = 'second'
        and coalesce(precise_refunds.is_refund_precise, true) as is_second_precise,
        returns.return_reason_family != 'unclassified' as has_known_reason,
        returns.marketplace_code != 'unknown' as has_marketplace
    from returns
    left join precise_refunds
        on returns.return_key = precise_refunds.return_key
    where returns.month_start_date is not null

),

-- which returns each number is made of
used as (

    select
        return_key,
        'return_rate' as number_code
    from traits

    union all

    select
        return_key,
        'handling_time' as number_code
    from {{ ref('fct_return_stages') }}
    where is_counted and is_scored and is_due

    union all

    select
        return_key,
        'refund_speed' as number_code
    from {{ ref('fct_refund_deadlines') }}
    where is_counted and is_due

    union all

    select
        return_key,
        'reason_attribution' as number_code
    from traits
    where attribution_verdict in ('agrees', 'contradicts')

    union all

    select
        traits.return_key,
        'buyer_satisfaction' as number_code
    from traits
    inner join {{ ref('fct_feedback_windows') }} as windows
        on
            traits.seller_id = windows.seller_id
            and traits.amazon_order_id = windows.amazon_order_id
    where windows.window_status = 'covered'

    union all

    select
        return_key,
        'recovery' as number_code
    from {{ ref('fct_return_outcomes') }}
    where is_counted and not is_open and return_key is not null
    group by return_key

),

summed as (

    select
        traits.seller_id,
        traits.marketplace_code,
        traits.channel,
        traits.month_start_date,
        used.number_code,
        count(*) as return_count,
        count(case when traits.is_matched then 1 end) as matched_count,
        count(case when traits.is_second_precise then 1 end) as second_precise_count,
        count(case when traits.has_known_reason then 1 end) as known_reason_count,
        count(case when traits.has_marketplace then 1 end) as known_marketplace_count,
        count(
            case
                when
                    traits.is_matched and traits.is_second_precise
                    and traits.has_known_reason and traits.has_marketplace
                    then 1
            end
        ) as trusted_count
    from used
    inner join traits
        on used.return_key = traits.return_key
    group by
        traits.seller_id,
        traits.marketplace_code,
        traits.channel,
        traits.month_start_date,
        used.number_code

)

select
    *,
    {% for trait in traits -%}
        {{ share(trait ~ '_count', 'return_count') }} as {{ trait }}_share,
    {% endfor -%}
    {{ share('trusted_count', 'return_count') }} as trusted_share
from summed
