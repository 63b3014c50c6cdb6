-- The same money by the newer API, restated: what is deferred at one pull is released at
-- the next, under the same number.
insert into report_lines by name
with

told as (

    select
        refund_money.*,
        documents.document_id,
        documents.pulled_at,
        u(refund_key, 'deferred') < 0.4 as is_deferred,
        later(posted_at, 7) as matures_at
    from refund_money
    inner join documents
        on refund_money.scope_id = documents.scope_id
        and documents.layout = 'finances_2024'
        and refund_money.posted_at >= documents.start_at
        and refund_money.posted_at < documents.end_at
        and refund_money.posted_at <= documents.pulled_at

),

-- What stands in a breakdown of its own: the buyer's money, and Amazon's fees.
grouped as (

    select
        *,
        list_transform(
            list_filter(
                ['ItemPrice', 'ItemFees', 'Promotion', 'Withheld'],
                lambda kind: len(list_filter(parts, lambda part: part.kind = kind)) > 0
            ),
            lambda kind: {
                breakdownType: case kind
                    when 'ItemPrice' then 'ProductCharges'
                    when 'ItemFees' then 'AmazonFees'
                    when 'Promotion' then 'PromoRebates'
                    else 'TaxWithheld'
                end,
                breakdownAmount: money_as(
                    cast(list_sum(list_transform(
                        list_filter(parts, lambda part: part.kind = kind),
                        lambda part: part.coin
                    )) as bigint),
                    decimals, currency_code
                ),
                breakdowns: list_transform(
                    list_filter(parts, lambda part: part.kind = kind),
                    lambda part: {
                        breakdownType: part.name,
                        breakdownAmount: money_as(part.coin, decimals, currency_code)
                    }
                )
            }
        ) as breakdowns
    from told

)

select
    document_id,
    'transactions' as list_name,
    refund_key as sort_key,
    len(parts) as row_count,
    0 as amount,
    to_json({
        transactionId: 'T' || letters(refund_key, 'transaction', 12),
        transactionType: 'Refund',
        transactionStatus: case
            when not is_deferred then 'RELEASED'
            when matures_at <= pulled_at then 'DEFERRED_RELEASED'
            else 'DEFERRED'
        end,
        description: 'Refund Order',
        postedDate: zulu(posted_at),
        totalAmount: money_as(total, decimals, currency_code),
        marketplaceDetails: {
            marketplaceId: marketplace_id, marketplaceName: sales_channel
        },
        relatedIdentifiers: [
            {
                relatedIdentifierName: 'ORDER_ID',
                relatedIdentifierValue: amazon_order_id
            },
            {relatedIdentifierName: 'REFUND_ID', relatedIdentifierValue: refund_id}
        ],
        contexts: list_filter(
            [{
                contextType: 'DeferredContext', deferralReason: 'DD7',
                maturityDate: zulu(matures_at)
            }],
            lambda context: is_deferred
        ),
        items: [{
            description: 'Refund',
            relatedIdentifiers: [{
                itemRelatedIdentifierName: 'ORDER_ADJUSTMENT_ITEM_ID',
                itemRelatedIdentifierValue: adjusted_item_id
            }],
            contexts: [{
                contextType: 'ProductContext', asin: asin, sku: sku,
                quantityShipped: quantity,
                fulfillmentNetwork: if(channel = 'fba', 'AFN', 'MFN')
            }],
            totalAmount: money_as(total, decimals, currency_code),
            breakdowns: breakdowns
        }]
    }) || ',' as line
from grouped;
