{# What belongs to no known marketplace keeps a place of its own. #}
with

marketplaces as (

    select * from {{ ref('marketplaces') }}

),

members as (

    select
        marketplace_code,
        marketplace_id,
        domain_name,
        country_code,
        currency_code,
        language_code,
        region,
        time_zone_name,
        true as is_known
    from marketplaces

    union all

    select
        'unknown' as marketplace_code,
        cast(null as {{ dbt.type_string() }}) as marketplace_id,
        cast(null as {{ dbt.type_string() }}) as domain_name,
        cast(null as {{ dbt.type_string() }}) as country_code,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        cast(null as {{ dbt.type_string() }}) as language_code,
        cast(null as {{ dbt.type_string() }}) as region,
        cast(null as {{ dbt.type_string() }}) as time_zone_name,
        false as is_known

)

select * from members
