with

deliveries as (

    select
        *,
        {{ surrogate_key([
            '_seller_id', 'coalesce(marketplace_id, _marketplace_code)', 'row_kind',
            'granularity', 'start_date', 'end_date', 'parent_asin', 'child_asin',
            'sku'
        ]) }} as row_key
    from {{ source('amazon_sp', 'sales_and_traffic') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=['units_ordered', 'units_refunded', 'claims_granted', 'sessions']
    ) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key([
            "'sales'", 'row_key', 'occurrence_number'
        ]) }} as sales_period_key,
        _seller_id as seller_id,
        marketplace_id,
        sku,
        child_asin as asin,
        parent_asin,
        occurrence_number,

        -- attributes
        folder_marketplace_code,
        row_kind as row_type,
        granularity as granularity_code,
        currency_code,

        -- measures: a figure that the report leaves out is unknown, not zero
        cast(ordered_product_sales_amount as decimal(18, 2)) as ordered_amount,
        cast(units_ordered as bigint) as ordered_quantity,
        cast(total_order_items as bigint) as order_item_count,
        cast(units_refunded as bigint) as refunded_quantity,
        cast(refund_rate as decimal(18, 6)) as stated_refund_rate,
        cast(claims_granted as bigint) as granted_claim_count,
        cast(claims_amount as decimal(18, 2)) as claimed_amount,
        cast(units_shipped as bigint) as shipped_quantity,
        cast(orders_shipped as bigint) as shipped_order_count,
        cast(feedback_received as bigint) as feedback_count,
        cast(negative_feedback_received as bigint) as negative_feedback_count,
        cast(
            received_negative_feedback_rate as decimal(18, 6)
        ) as stated_negative_feedback_rate,
        cast(sessions as bigint) as session_count,
        cast(page_views as bigint) as page_view_count,

        -- times: days of the marketplace
        cast(start_date as date) as start_date,
        cast(end_date as date) as end_date

    from newest

)

select * from typed
