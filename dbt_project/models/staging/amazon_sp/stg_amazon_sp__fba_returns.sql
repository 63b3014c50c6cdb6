with

deliveries as (

    select
        *,
        -- all that a row without licence plate tells about its unit
        {{ surrogate_key([
            '_seller_id', 'order_id', 'sku', 'fnsku', 'return_date', 'reason',
            'detailed_disposition'
        ]) }} as unplated_key
    from {{ source('amazon_sp', 'fba_returns') }}

),

keyed as (

    select
        *,
        -- a plate is one unit, whatever day a later delivery gives it
        case
            when license_plate_number is null then unplated_key
            else {{ surrogate_key([
                '_seller_id', 'order_id', 'sku', 'fnsku', 'license_plate_number'
            ]) }}
        end as row_key,
        count(*) over (partition by _file_key, unplated_key) as file_units_count
    from deliveries

),

newest as (

    select *
    from {{ newest_rows(
        'keyed',
        restated=[
            'status', 'detailed_disposition', 'reason', 'customer_comments'
        ]
    ) }}

),

plates as (

    -- older files have no plate column: where another file tells the same units with
    -- their plates, only what exceeds them is a unit of its own
    select
        unplated_key,
        max(file_units_count) as units_count,
        count(distinct license_plate_number) as plated_units_count
    from keyed
    group by unplated_key

),

typed as (

    select
        -- keys
        {{ surrogate_key([
            "'fba'", 'newest.row_key', 'newest.occurrence_number'
        ]) }} as return_key,
        newest._seller_id as seller_id,
        newest.order_id as amazon_order_id,
        newest.sku,
        newest.asin,
        newest.fnsku,
        newest.license_plate_number,
        newest.occurrence_number,

        -- attributes
        newest.folder_marketplace_code,
        newest.reason as stated_reason_code,
        newest.detailed_disposition as disposition_code,
        newest.fulfillment_center_id as fulfillment_center_code,
        newest.status as stated_status_name,
        newest.product_name,
        newest.customer_comments as comment_text,

        -- measures
        cast(newest.quantity as bigint) as returned_quantity,

        -- times: UTC, an instant or only a day
        case
            when length(newest.return_date) > 10
                then cast(newest.return_date as timestamp)
        end as received_at,
        case
            when length(newest.return_date) > 10 then 'second'
            else 'day'
        end as received_precision,
        cast(substring(newest.return_date, 1, 10) as date) as received_date

    from newest

    inner join plates
        on newest.unplated_key = plates.unplated_key

    where
        newest.license_plate_number is not null
        or newest.occurrence_number <= plates.units_count - plates.plated_units_count

)

select * from typed
