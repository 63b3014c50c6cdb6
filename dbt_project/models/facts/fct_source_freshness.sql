{# How old the newest data of each source is, against the newest day of all of the
   seller's data: a source that fell behind the others, not one nobody looked at. #}
with

sellers as (

    select * from {{ ref('dim_sellers') }}

),

limits as (

    select * from {{ ref('source_freshness') }}

),

files as (

    -- days asked for in advance are not known before the delivery was made
    select
        seller_id,
        lake_table_name as report_code,
        max(
            least(
                coalesce(covered_to_date, known_until_date),
                coalesce(known_until_date, covered_to_date)
            )
        ) as newest_data_date,
        max(known_until_date) as newest_delivery_date,
        count(*) as document_count
    from {{ ref('fct_report_files') }}
    where is_covering
    group by seller_id, lake_table_name

),

aged as (

    select
        sellers.seller_id,
        limits.report_code,
        limits.max_age_days,
        coalesce(files.document_count, 0) as document_count,
        sellers.data_as_of_date,
        files.newest_data_date,
        files.newest_delivery_date,
        -- a seller that has changed to the other layout of settlements is not late
        max(files.newest_data_date) over (
            partition by
                sellers.seller_id,
                case
                    when limits.report_code like 'settlements%' then 'settlements'
                    else limits.report_code
                end
        ) as newest_of_kind_date,
        cast(
            {{ dbt.datediff(
                'files.newest_data_date', 'sellers.data_as_of_date', 'day'
            ) }}
            as integer
        ) as age_days
    from sellers
    inner join limits
        on
            coalesce(sellers.data_as_of_date, limits.valid_from)
            between limits.valid_from and limits.valid_to
    left join files
        on
            sellers.seller_id = files.seller_id
            and limits.report_code = files.report_code

)

select
    -- keys
    {{ surrogate_key(['seller_id', 'report_code']) }} as source_freshness_key,
    seller_id,
    report_code,

    -- measures
    document_count,
    age_days,
    max_age_days,

    -- flags
    document_count > 0 as has_landed,
    document_count > 0
    and coalesce(
        {{ dbt.datediff('newest_of_kind_date', 'data_as_of_date', 'day') }}
        > max_age_days,
        false
    ) as is_late,

    -- times
    newest_data_date,
    newest_delivery_date,
    data_as_of_date
from aged
