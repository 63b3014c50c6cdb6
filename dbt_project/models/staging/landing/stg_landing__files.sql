with

files as (

    select * from {{ source('landing', 'landing_files') }}

),

typed as (

    select
        -- keys
        file_key,
        seller_id,

        -- attributes
        report_type,
        lake_table as lake_table_name,
        file_name,
        status as file_status,
        reason as status_reason_text,
        coalesce(marketplace_code, 'unknown') as marketplace_code,
        encoding as encoding_name,

        -- measures
        cast(rows_read as bigint) as read_row_count,
        cast(rows_landed as bigint) as landed_row_count,
        cast(rows_quarantined as bigint) as quarantined_row_count,

        -- flags
        unknown_columns is not null as has_unknown_columns,

        -- times: the days asked for, where stated, else the days found in the document
        cast(
            least(coalesce(window_start_date, data_start_date), data_start_date) as date
        ) as covered_from_date,
        cast(
            greatest(coalesce(window_end_date, data_end_date), data_end_date) as date
        ) as covered_to_date,
        cast(window_start_date as date) as requested_from_date,
        cast(window_end_date as date) as requested_to_date,
        cast(data_start_date as date) as found_from_date,
        cast(data_end_date as date) as found_to_date,
        cast(substring(as_of, 1, 10) as date) as known_until_date

    from files

)

select * from typed
