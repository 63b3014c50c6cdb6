with

topics as (

    select * from {{ ref('stg_amazon_sp__return_topics') }}

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

)

select
    -- keys
    topics.return_topic_key,
    topics.seller_id,
    coalesce(
        marketplaces.marketplace_code, topics.folder_marketplace_code, 'unknown'
    ) as marketplace_code,
    topics.browse_node_id,

    -- attributes
    topics.row_type,
    topics.browse_node_name,
    topics.topic_name,
    topics.subtopic_name,
    words.return_reason_family,
    coalesce(categories.category_name, topics.browse_node_name) as category_name,

    -- measures
    topics.mention_count,
    cast(topics.occurrence_percentage / 100 as decimal(9, 6)) as occurrence_share,

    -- flags
    row_number() over (
        partition by
            topics.seller_id,
            topics.marketplace_id,
            topics.folder_marketplace_code,
            topics.browse_node_id,
            topics.row_type,
            topics.topic_name,
            topics.subtopic_name
        order by
            topics.end_date desc nulls last,
            topics.start_date desc nulls last,
            topics.return_topic_key asc nulls last
    ) = 1 as is_latest,

    -- times
    topics.start_date as period_start_date,
    topics.end_date as period_end_date

from topics

left join marketplaces
    on topics.marketplace_id = marketplaces.marketplace_id

left join {{ ref('return_topic_words') }} as words
    on
        lower(topics.topic_name) = words.topic_name
        and coalesce(topics.end_date, cast('9999-12-31' as date))
        between words.valid_from and words.valid_to

left join {{ ref('browse_node_categories') }} as categories
    on
        topics.browse_node_id = categories.browse_node_id
        and coalesce(topics.end_date, cast('9999-12-31' as date))
        between categories.valid_from and categories.valid_to
