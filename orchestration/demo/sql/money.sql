-- One row is one order line as it ships or one refund, with the signed amounts that a
-- settlement spells out, in the smallest coin.
create or replace temp view money as
with

shipped as (

    select
        'Order' as transaction_type,
        scope_id,
        amazon_order_id,
        order_key,
        channel,
        product_id,
        order_item_id,
        is_multi_channel,
        quantity,
        origin_key * 1024
        + coalesce(530 + resold_unit_key % 16 * 16, 0) as sort_base,
        cast(null as ubigint) as adjustment_key,
        shipped_at as posted_at,
        case when is_multi_channel then 0 else quantity end as sold,
        unit_principal * sold as principal,
        unit_tax * sold as tax,
        shipping,
        0 as goodwill,
        0 as restocking_fee,
        -unit_promotion * sold as promotion,
        -(unit_principal * sold * 15 // 100) as commission,
        0 as refund_commission,
        case when channel = 'fba' then -unit_fee * quantity else 0 end as unit_fees
    from lines
    where shipped_at is not null and quantity > 0

),

returned as (

    select
        case kind
            when 'a_to_z' then 'A-to-z Guarantee Refund'
            when 'chargeback' then 'Chargeback Refund'
            else 'Refund'
        end as transaction_type,
        scope_id,
        amazon_order_id,
        order_key,
        channel,
        product_id,
        order_item_id,
        is_multi_channel,
        quantity,
        line_key * 1024 + 32 + (refund_key % 16) * 32 as sort_base,
        refund_key as adjustment_key,
        posted_at,
        quantity as sold,
        -principal as principal,
        -tax as tax,
        -shipping_back as shipping,
        -goodwill as goodwill,
        restocking_fee,
        promotion,
        commission,
        -least(commission // 5, 500) as refund_commission,
        0 as unit_fees
    from refunds

),

posted as (

    select * from shipped
    union all by name
    select * from returned

)

select
    posted.*,
    documents.document_id,
    offers.sku,
    case
        when posted.is_multi_channel then 'Non-Amazon ' || scopes.marketplace_code
        else scopes.sales_channel
    end as marketplace_name,
    case when scopes.is_tax_withheld then -posted.tax else 0 end as withheld
from posted
inner join scopes on posted.scope_id = scopes.scope_id
inner join offers
    on posted.scope_id = offers.scope_id
    and posted.product_id = offers.product_id
inner join documents
    on posted.scope_id = documents.scope_id
    and documents.settlement_id is not null
    and posted.posted_at >= documents.start_at
    and posted.posted_at < documents.end_at;
