{# A rate holds until the next one of the pair: markets close at weekends. #}
with

rates as (

    select * from {{ ref('stg_operations__exchange_rates') }}

),

followed as (

    select
        *,
        lead(rate_date) over (
            partition by seller_id, from_currency_code, to_currency_code
            order by rate_date asc nulls last
        ) as next_rate_date
    from rates

)

select
    -- keys
    exchange_rate_key,
    seller_id,

    -- attributes
    from_currency_code,
    to_currency_code,
    rate_source_name,

    -- measures
    conversion_factor,

    -- times
    rate_date,
    coalesce(
        cast({{ dbt.dateadd('day', -1, 'next_rate_date') }} as date),
        cast('9999-12-31' as date)
    ) as valid_to_date

from followed
