with

files as (

    select * from {{ ref('stg_landing__files') }}

),

final as (

    select
        -- keys
        file_key as report_file_key,
        seller_id,
        marketplace_code,

        -- attributes
        report_type,
        lake_table_name,
        file_name,
        file_status,
        status_reason_text,
        encoding_name,

        -- measures
        read_row_count,
        landed_row_count,
        quarantined_row_count,

        -- flags
        has_unknown_columns,
        -- the report of Prime has some of the returns only
        file_status in ('landed', 'no_data')
        and coalesce(report_type, '') != 'GET_CSV_MFN_PRIME_RETURNS_REPORT'
            as is_covering,

        -- times
        covered_from_date,
        covered_to_date,
        requested_from_date,
        requested_to_date,
        found_from_date,
        found_to_date,
        known_until_date

    from files

)

select * from final
