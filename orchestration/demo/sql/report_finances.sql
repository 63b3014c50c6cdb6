-- Refunds as the Finances API v0 tells them, amount by amount: what the seller pays is
-- negative. A few events are not to be found there.
create or replace temp table refund_money as
with

named as (

    select
        refunds.*,
        offers.sku,
        offers.asin,
        scopes.currency_code,
        scopes.decimals,
        scopes.sales_channel,
        scopes.marketplace_id,
        scopes.seller_id,
        scopes.marketplace_code,
        digits(refund_key, 'adjusted', 16) as adjusted_item_id,
        'amzn1:crow:' || letters(refund_key, 'crow', 11) as refund_id,
        [
            {kind: 'ItemPrice', name: 'Principal', coin: -principal},
            {kind: 'ItemPrice', name: 'Tax', coin: -tax},
            {kind: 'ItemPrice', name: 'ShippingCharge', coin: -shipping_back},
            {kind: 'ItemPrice', name: 'Goodwill', coin: -goodwill},
            {kind: 'ItemPrice', name: 'RestockingFee', coin: restocking_fee},
            {kind: 'Promotion', name: 'Principal', coin: promotion},
            {kind: 'ItemFees', name: 'Commission', coin: commission},
            {
                kind: 'ItemFees', name: 'RefundCommission',
                coin: -least(commission // 5, 500)
            },
            {
                kind: 'Withheld', name: 'MarketplaceFacilitatorTax-Principal',
                coin: if(scopes.is_tax_withheld, tax, 0)
            }
        ] as every_part
    from refunds
    inner join scopes on refunds.scope_id = scopes.scope_id
    inner join offers
        on refunds.scope_id = offers.scope_id
        and refunds.product_id = offers.product_id

)

select
    * exclude (every_part),
    list_filter(every_part, lambda part: part.coin != 0) as parts,
    cast(list_sum(list_transform(every_part, lambda part: part.coin)) as bigint)
        as total
from named
where u(refund_key, 'not in finances') >= 0.02;

insert into report_lines by name
select
    documents.document_id,
    case kind
        when 'a_to_z' then 'GuaranteeClaimEventList'
        when 'chargeback' then 'ChargebackEventList'
        else 'RefundEventList'
    end as list_name,
    refund_key as sort_key,
    len(parts) as row_count,
    0 as amount,
    to_json({
        AmazonOrderId: amazon_order_id,
        SellerOrderId: amazon_order_id,
        MarketplaceName: sales_channel,
        PostedDate: zulu(posted_at),
        ShipmentItemAdjustmentList: [{
            SellerSKU: sku,
            OrderItemId: order_item_id,
            OrderAdjustmentItemId: adjusted_item_id,
            QuantityShipped: quantity,
            ItemChargeAdjustmentList: list_transform(
                list_filter(parts, lambda part: part.kind = 'ItemPrice'),
                lambda part: {
                    ChargeType: part.name,
                    ChargeAmount: money_of(part.coin, decimals, currency_code)
                }
            ),
            ItemFeeAdjustmentList: list_transform(
                list_filter(parts, lambda part: part.kind = 'ItemFees'),
                lambda part: {
                    FeeType: part.name,
                    FeeAmount: money_of(part.coin, decimals, currency_code)
                }
            ),
            ItemTaxWithheldList: [{
                TaxCollectionModel: 'MarketplaceFacilitator',
                TaxesWithheld: list_transform(
                    list_filter(parts, lambda part: part.kind = 'Withheld'),
                    lambda part: {
                        ChargeType: part.name,
                        ChargeAmount: money_of(part.coin, decimals, currency_code)
                    }
                )
            }],
            PromotionAdjustmentList: list_transform(
                list_filter(parts, lambda part: part.kind = 'Promotion'),
                lambda part: {
                    PromotionType: 'PromotionMetaDataDefinitionValue',
                    PromotionId: 'Example Coupon 1',
                    PromotionAmount: money_of(part.coin, decimals, currency_code)
                }
            )
        }]
    }) || ',' as line
from refund_money
inner join documents
    on refund_money.scope_id = documents.scope_id
    and documents.layout = 'finances_v0'
    and refund_money.posted_at >= documents.start_at
    and refund_money.posted_at < documents.end_at
    and refund_money.posted_at <= documents.pulled_at;

insert into report_lines by name
select
    documents.document_id,
    'SAFETReimbursementEventList' as list_name,
    parcels.lead_case_key as sort_key,
    1 as row_count,
    0 as amount,
    to_json({
        PostedDate: zulu(decided_at),
        SAFETClaimId: claim_id,
        ReimbursedAmount: money_of(claim_amount, decimals, currency_code),
        ReasonCode: claim_action
    }) || ',' as line
from parcels
inner join merchant_cases on parcels.lead_case_key = merchant_cases.case_key
inner join scopes on merchant_cases.scope_id = scopes.scope_id
inner join documents
    on merchant_cases.scope_id = documents.scope_id
    and documents.layout = 'finances_v0'
    and parcels.decided_at >= documents.start_at
    and parcels.decided_at < documents.end_at
    and parcels.decided_at <= documents.pulled_at
where parcels.claim_amount > 0 and parcels.claimed_at is not null;
