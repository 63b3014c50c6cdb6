with

deliveries as (

    select
        *,
        {{ surrogate_key(['_seller_id', 'action_id']) }} as row_key
    from {{ source('operations', 'actions') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries',
        restated=['ended_on', 'sku', 'asin', 'owner', 'action_cost', 'action_text']
    ) }}

),

typed as (

    select
        -- keys: an action for several SKUs may take several lines of one number
        {{ surrogate_key(['row_key', 'occurrence_number']) }} as action_key,
        _seller_id as seller_id,
        action_id,
        marketplace_code as stated_marketplace_code,
        sku,
        asin,
        owner as agent_id,
        occurrence_number,

        -- attributes
        folder_marketplace_code,
        lower(action_type) as action_type,
        category as category_name,
        lower(reason_family) as return_reason_family,
        lower(stage_code) as stage_code,
        action_text,
        currency_code,

        -- measures
        cast(action_cost as decimal(18, 2)) as action_cost_amount,

        -- times
        cast(started_on as date) as started_date,
        cast(ended_on as date) as ended_date

    from newest

)

select * from typed
