{# Amazon's topics of a category beside the seller's own returns in it. Topics of one
   family are added up, because a stated reason does not tell them apart; a return may
   name two, so their sum errs to the high side. A node that is no category of the
   seller's has nothing to be compared with. #}
with

topics as (

    select
        *,
        coalesce(return_reason_family, 'unknown') as topic_family,
        cast({{ dbt.date_trunc('month', 'period_end_date') }} as date)
            as month_start_date,
        coalesce(
            period_start_date, {{ dbt.date_trunc('month', 'period_end_date') }}
        ) as begin_date
    from {{ ref('fct_return_topics') }}
    where subtopic_name is null and period_end_date is not null

),

returns as (

    select
        begun.*,
        coalesce(begun.requested_date, begun.received_date) as began_date,
        lower(products.category_name) as category_key
    from {{ ref('fct_returns') }} as begun
    inner join {{ ref('dim_products') }} as products
        on begun.seller_id = products.seller_id and begun.sku = products.sku
    where begun.is_counted

),

families as (

    select
        seller_id,
        marketplace_code,
        browse_node_id,
        row_type,
        topic_family,
        cast(begin_date as date) as period_start_date,
        period_end_date,
        month_start_date,
        max(browse_node_name) as browse_node_name,
        max(category_name) as category_name,
        count(*) as topic_count,
        cast(least(1.0, sum(occurrence_share)) as decimal(9, 6)) as benchmark_share,
        bool_or(is_latest) as is_latest
    from topics
    group by
        seller_id, marketplace_code, browse_node_id, row_type, topic_family,
        begin_date, period_end_date, month_start_date

),

counted as (

    select
        families.seller_id,
        families.marketplace_code,
        families.browse_node_id,
        families.row_type,
        families.topic_family,
        families.period_start_date,
        families.period_end_date,
        count(*) as own_return_count,
        count(case when families.topic_family = returns.return_reason_family then 1 end)
            as own_case_count
    from families
    inner join returns
        on
            families.seller_id = returns.seller_id
            and families.marketplace_code = returns.marketplace_code
            and lower(families.category_name) = returns.category_key
            and returns.began_date
            between families.period_start_date and families.period_end_date
    group by
        families.seller_id, families.marketplace_code, families.browse_node_id,
        families.row_type, families.topic_family, families.period_start_date,
        families.period_end_date

),

joined as (

    select
        families.*,
        counted.own_return_count,
        case when families.topic_family != 'unknown' then counted.own_case_count end
            as own_case_count
    from families
    left join counted
        on {{ equal_columns('families', 'counted', [
            'seller_id', 'marketplace_code', 'browse_node_id', 'row_type', 'topic_family',
            'period_start_date', 'period_end_date'
        ]) }}

),

shared as (

    select
        *,
        {{ share('own_case_count', 'own_return_count') }} as own_share,
        {{ wilson_bound('own_case_count', 'own_return_count', 'low') }}
            as own_share_low,
        {{ wilson_bound('own_case_count', 'own_return_count', 'high') }}
            as own_share_high
    from joined

)

select
    -- keys
    seller_id,
    marketplace_code,
    browse_node_id,
    row_type,
    month_start_date,
    topic_family as return_reason_family,

    -- attributes
    browse_node_name,
    coalesce(category_name, 'unknown') as category_name,
    case
        when own_share is null then 'unknown'
        when own_share_low > benchmark_share then 'above'
        when own_share_high < benchmark_share then 'below'
        else 'alike'
    end as benchmark_status,

    -- measures
    topic_count,
    benchmark_share,
    own_case_count,
    own_return_count,
    own_share,
    own_share_low,
    own_share_high,

    -- flags
    is_latest,

    -- times
    period_start_date,
    period_end_date

from shared
