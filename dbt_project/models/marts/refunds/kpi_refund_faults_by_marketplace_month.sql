with

audits as (

    select
        *,
        coalesce(currency_code, 'unknown') as known_currency_code
    from {{ ref('fct_refund_audits') }}

),

summed as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        fault_class,
        known_currency_code as currency_code,

        -- measures
        count(*) as checked_count,
        count(*) filter (where is_fault) as fault_count,
        count(*) filter (where is_fault and not is_explained) as unexplained_count,
        count(*) filter (where is_fault and refunding_party = 'amazon')
            as amazon_fault_count,
        count(*) filter (where is_fault and at_stake_amount is not null)
            as amount_known_count,
        cast(coalesce(sum(at_stake_amount), 0) as decimal(18, 2)) as at_stake_amount,
        cast(coalesce(sum(
            case when not is_explained then at_stake_amount end
        ), 0) as decimal(18, 2)) as unexplained_amount,
        cast(coalesce(sum(open_amount), 0) as decimal(18, 2)) as open_amount
    from audits
    group by
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        fault_class,
        known_currency_code

)

select
    *,
    {{ share('fault_count', 'checked_count') }} as fault_share,
    {{ wilson_bound('fault_count', 'checked_count', 'low') }} as fault_share_low,
    {{ wilson_bound('fault_count', 'checked_count', 'high') }} as fault_share_high,
    {{ share('unexplained_count', 'checked_count') }} as unexplained_share,
    {{ wilson_bound('unexplained_count', 'checked_count', 'low') }}
        as unexplained_share_low,
    {{ wilson_bound('unexplained_count', 'checked_count', 'high') }}
        as unexplained_share_high
from summed
