with

deliveries as (

    select
        *,
        {{ surrogate_key([
            '_seller_id', 'rate_date', 'from_currency_code', 'to_currency_code'
        ]) }} as row_key
    from {{ source('operations', 'exchange_rates') }}

),

newest as (

    select *
    from {{ newest_rows('deliveries', restated=['rate_source']) }}
    -- a day has one rate, though a file may list it twice
    where occurrence_number = 1

),

typed as (

    select
        -- keys
        row_key as exchange_rate_key,
        _seller_id as seller_id,

        -- attributes
        from_currency_code,
        to_currency_code,
        rate_source as rate_source_name,

        -- measures: six decimals would cut off rates of weak currencies
        cast(exchange_rate as decimal(28, 12)) as conversion_factor,

        -- times
        cast(rate_date as date) as rate_date

    from newest

)

select * from typed
