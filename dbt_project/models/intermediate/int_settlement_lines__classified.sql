{# What each amount of a settlement is, as far as the seeds know the words. #}
with

lines as (

    select * from {{ ref('int_settlement_lines__unioned') }}

),

documents as (

    select * from {{ ref('int_settlements__documents') }}

),

vocabulary as (

    select * from {{ ref('refund_vocabulary') }}

),

transaction_types as (

    select * from {{ ref('settlement_transaction_types') }}

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

),

of_one_copy as (

    select
        lines.*,
        documents.settlement_key,
        documents.currency_code as document_currency_code,
        -- vocabulary holds for a day; a row without one has the settlement's
        cast(
            coalesce(lines.posted_at, documents.period_end_at, '9999-12-31') as date
        ) as valid_date
    from lines
    inner join documents
        on
            lines.seller_id = documents.seller_id
            and lines.settlement_id = documents.settlement_id
            and lines.settlement_version = documents.settlement_version
            and lines.file_key = documents.file_key

)

select
    of_one_copy.settlement_key,
    of_one_copy.seller_id,
    of_one_copy.settlement_id,
    of_one_copy.line_number,
    of_one_copy.transaction_type,
    of_one_copy.amazon_order_id,
    of_one_copy.adjustment_id,
    of_one_copy.order_item_code,
    of_one_copy.merchant_adjustment_item_id,
    of_one_copy.sku,
    coalesce(
        marketplaces.marketplace_code, of_one_copy.folder_marketplace_code
    ) as marketplace_code,
    of_one_copy.fulfillment_id,
    of_one_copy.amount_kind,
    of_one_copy.amount_description,
    of_one_copy.amount,
    coalesce(
        of_one_copy.currency_code,
        of_one_copy.document_currency_code,
        marketplaces.currency_code
    ) as currency_code,
    of_one_copy.stated_quantity,
    coalesce(transaction_types.refund_type, 'unknown') as refund_type,
    case
        when of_one_copy.amount is not null
            then coalesce(vocabulary.component, 'unknown')
    end as component,
    coalesce(vocabulary.is_paid_to_buyer, false) as is_paid_to_buyer,
    of_one_copy.posted_at,
    of_one_copy.posted_precision
from of_one_copy
left join vocabulary
    on
        of_one_copy.settlement_version = vocabulary.settlement_version
        and lower(of_one_copy.amount_kind) = lower(vocabulary.amount_kind)
        and lower(of_one_copy.amount_description)
        = lower(vocabulary.amount_description)
        and of_one_copy.valid_date between vocabulary.valid_from and vocabulary.valid_to
left join transaction_types
    on
        lower(of_one_copy.transaction_type) = lower(transaction_types.transaction_type)
        and of_one_copy.valid_date
        between transaction_types.valid_from and transaction_types.valid_to
left join marketplaces
    on lower(of_one_copy.marketplace_name) = marketplaces.domain_name
