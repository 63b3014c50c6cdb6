with

skus as (

    select * from {{ ref('kpi_misjudged_money_by_sku_month') }}

),

returns as (

    select
        *,
        {{ return_month() }} as month_start_date,
        coalesce(currency_code, 'unknown') as known_currency_code
    from {{ ref('fct_returns') }}
    where is_counted

),

counted as (

    select
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        known_currency_code as currency_code,
        count(*) as return_count
    from returns
    group by
        seller_id, marketplace_code, channel, month_start_date, known_currency_code

),

summed as (

    select
        -- keys
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        misjudgement_class,
        currency_code,

        -- measures
        cast(sum(checked_count) as bigint) as checked_count,
        cast(sum(misjudged_count) as bigint) as misjudged_count,
        cast(sum(amount_known_count) as bigint) as amount_known_count,
        cast(sum(at_stake_amount) as decimal(18, 2)) as at_stake_amount,
        cast(sum(misjudged_amount) as decimal(18, 2)) as misjudged_amount,
        cast(sum(buyer_borne_amount) as decimal(18, 2)) as buyer_borne_amount,
        cast(sum(recovered_amount) as decimal(18, 2)) as recovered_amount,
        cast(sum(lost_amount) as decimal(18, 2)) as lost_amount
    from skus
    group by
        seller_id,
        marketplace_code,
        channel,
        month_start_date,
        misjudgement_class,
        currency_code

)

select
    summed.*,
    counted.return_count,
    {{ share('summed.checked_count', 'counted.return_count') }} as checked_share,
    {{ share('summed.misjudged_count', 'summed.checked_count') }} as misjudged_share,
    {{ wilson_bound('summed.misjudged_count', 'summed.checked_count', 'low') }}
        as misjudged_share_low,
    {{ wilson_bound('summed.misjudged_count', 'summed.checked_count', 'high') }}
        as misjudged_share_high

from summed

inner join counted
    on
        summed.seller_id = counted.seller_id
        and summed.marketplace_code = counted.marketplace_code
        and summed.channel = counted.channel
        and summed.month_start_date = counted.month_start_date
        and summed.currency_code = counted.currency_code
