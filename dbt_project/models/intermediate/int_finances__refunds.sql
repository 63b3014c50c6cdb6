{# Refunds as the two Finances APIs book them. An amount is what its own name says, else
   what it stands in: within Amazon's fees and withheld taxes all is Amazon's, however
   deep; else the innermost known word tells. Positive is money to the buyer. #}
with

vocabulary as (

    select
        *,
        lower(word_name) as word
    from {{ ref('finances_vocabulary') }}

),

amounts as (

    select * from {{ ref('int_finances_amounts__unioned') }}

),

refunds as (

    select
        amounts.*,
        events.meaning_code as refund_type
    from amounts
    inner join vocabulary as events
        on
            amounts.api_version = events.api_version
            and amounts.event_word = events.word
            and events.word_scope = 'event'
            and amounts.posted_date between events.valid_from and events.valid_to

),

ranked as (

    select
        refunds.*,
        coalesce(vocabulary.is_paid_to_buyer, false) as is_paid_to_buyer,
        vocabulary.meaning_code is null as is_unknown,
        row_number() over (
            partition by refunds.amount_key
            order by
                case when vocabulary.word_scope = 'leaf' then 0 else 1 end asc
                nulls last,
                case when vocabulary.is_paid_to_buyer then 1 else 0 end asc nulls last,
                {{ dbt.position("'/' || vocabulary.word || '/'", 'refunds.words') }}
                desc nulls last
        ) as preference_number
    from refunds
    left join vocabulary
        on
            refunds.api_version = vocabulary.api_version
            and refunds.posted_date
            between vocabulary.valid_from and vocabulary.valid_to
            and (
                (
                    vocabulary.word_scope = 'leaf'
                    and refunds.words like '%/' || vocabulary.word || '/'
                )
                or (
                    vocabulary.word_scope = 'container'
                    and refunds.words like '%/' || vocabulary.word || '/%'
                )
            )

),

summed as (

    select
        api_version,
        seller_id,
        amazon_order_id,
        sku,
        currency_code,
        refund_type,
        transaction_id,
        adjustment_item_id,
        posted_at,
        posted_date,
        max(stated_marketplace_name) as stated_marketplace_name,
        max(folder_marketplace_code) as folder_marketplace_code,
        max(abs(stated_quantity)) as stated_quantity,
        cast(
            -coalesce(sum(case when is_paid_to_buyer then amount end), 0)
            as decimal(18, 2)
        ) as refunded_amount,
        cast(-coalesce(sum(amount), 0) as decimal(18, 2)) as net_cost_amount,
        count(case when is_unknown then 1 end) as unknown_component_count,
        min(case when is_released then 1 else 0 end) = 1 as is_released
    from ranked
    where preference_number = 1
    group by
        api_version,
        seller_id,
        amazon_order_id,
        sku,
        currency_code,
        refund_type,
        transaction_id,
        adjustment_item_id,
        posted_at,
        posted_date

)

select
    {{ surrogate_key([
        'summed.api_version', 'summed.seller_id', 'summed.amazon_order_id',
        'summed.sku', 'summed.currency_code', 'summed.refund_type',
        'summed.transaction_id', 'summed.adjustment_item_id', 'summed.posted_at',
        'summed.posted_date'
    ]) }} as finances_refund_key,
    summed.*,
    coalesce(
        marketplaces.marketplace_code,
        summed.folder_marketplace_code,
        orders.marketplace_code,
        'unknown'
    ) as marketplace_code
from summed
left join {{ ref('marketplaces') }} as marketplaces
    on
        summed.stated_marketplace_name
        in (lower(marketplaces.marketplace_id), marketplaces.domain_name)
left join {{ ref('int_orders__marketplaces') }} as orders
    on
        summed.seller_id = orders.seller_id
        and summed.amazon_order_id = orders.amazon_order_id
