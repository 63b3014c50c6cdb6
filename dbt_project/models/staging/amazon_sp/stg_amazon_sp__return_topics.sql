with

deliveries as (

    select
        *,
        {{ surrogate_key([
            '_seller_id', 'browse_node_id',
            'coalesce(marketplace_id, _marketplace_code)', 'row_kind', 'topic_name',
            'subtopic_name', 'substring(start_date, 1, 10)',
            'substring(end_date, 1, 10)'
        ]) }} as row_key
    from {{ source('amazon_sp', 'return_topics') }}

),

newest as (

    select *
    from {{ newest_rows(
        'deliveries', restated=['mention_count', 'occurrence_percentage']
    ) }}

),

typed as (

    select
        -- keys
        {{ surrogate_key([
            "'return_topic'", 'row_key', 'occurrence_number'
        ]) }} as return_topic_key,
        _seller_id as seller_id,
        browse_node_id,
        marketplace_id,
        occurrence_number,

        -- attributes
        folder_marketplace_code,
        browse_node_name,
        row_kind as row_type,
        topic_name,
        subtopic_name,

        -- measures
        cast(mention_count as bigint) as mention_count,
        cast(occurrence_percentage as decimal(18, 6)) as occurrence_percentage,

        -- times: UTC
        cast(substring(start_date, 1, 10) as date) as start_date,
        cast(substring(end_date, 1, 10) as date) as end_date

    from newest

)

select * from typed
