{# Prices, actions and exchange rates carry the day they begin, which may be next month:
   they do not say how far anything was observed. #}
with

files as (

    select
        *,
        file_status in ('landed', 'no_data')
        and coalesce(lake_table_name, '')
        not in ('products', 'actions', 'exchange_rates') as is_observation
    from {{ ref('stg_landing__files') }}

),

sellers as (

    select
        seller_id,
        min(case when is_observation then covered_from_date end) as first_covered_date,
        max(case when is_observation then covered_to_date end) as data_as_of_date,
        sum(case when file_status = 'landed' then 1 else 0 end) as landed_file_count,
        sum(case when file_status = 'refused' then 1 else 0 end) as refused_file_count
    from files
    group by seller_id

)

select * from sellers
