{# Where a carrier saw the parcel of a return: by tracking number, else by RMA, else by
   order. A parcel is all units in it, so every return of it was seen there. #}
with

checkpoints as (

    select
        *,
        {{ word_spelling('stated_tag_name') }} as tag_word,
        {{ word_spelling('stated_subtag_name') }} as subtag_word
    from {{ ref('stg_operations__carrier_checkpoints') }}

),

returns as (

    select
        return_key,
        seller_id,
        amazon_order_id,
        amazon_rma_id,
        tracking_id
    from {{ ref('int_returns__located') }}

),

words as (

    select * from {{ ref('operation_words') }}
    where word_type = 'checkpoint'

),

ways as (

    {% for own_column, column, reason, class in [
        ('tracking_id', 'tracking_id', 'tracking_id', 'exact'),
        ('rma_id', 'amazon_rma_id', 'rma', 'exact'),
        ('amazon_order_id', 'amazon_order_id', 'order', 'order_only'),
    ] %}
        select
            checkpoints.checkpoint_key,
            returns.return_key,
            '{{ class }}' as match_class,
            '{{ reason }}' as match_reason,
            {{ loop.index }} as way_number
        from checkpoints
        inner join returns
            on
                checkpoints.seller_id = returns.seller_id
                and checkpoints.{{ own_column }} = returns.{{ column }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

ranked as (

    select
        *,
        min(way_number) over (partition by checkpoint_key) as best_way_number
    from ways

),

found as (

    select
        checkpoints.*,
        ranked.return_key,
        ranked.match_class,
        ranked.match_reason
    from checkpoints
    inner join ranked
        on checkpoints.checkpoint_key = ranked.checkpoint_key
    where ranked.way_number = ranked.best_way_number

),

staged as (

    select
        found.checkpoint_key,
        found.return_key,
        found.match_class,
        found.match_reason,
        coalesce(subtags.word_code, tags.word_code, 'other') as stage_code,
        found.stated_tag_name,
        found.checkpoint_at,
        found.checkpoint_precision,
        found.checkpoint_date
    from found
    left join words as subtags
        on
            found.subtag_word = subtags.stated_word
            and found.checkpoint_date between subtags.valid_from and subtags.valid_to
    left join words as tags
        on
            found.tag_word = tags.stated_word
            and found.checkpoint_date between tags.valid_from and tags.valid_to

)

select * from staged
