-- Settlement rows in the layout and the locale of their document. Dates, total and
-- currency stand in the summary row only, which is added when the total is known.
insert into report_lines by name
with

worded as (

    select
        settled.*,
        documents.layout,
        documents.settlement_id,
        scopes.currency_code,
        scopes.marketplace_code,
        coalesce(settled.fulfillment, '') as fulfillment_id,
        coalesce(settled.sku, '') as shown_sku,
        coalesce(settled.adjustment_id, '') as adjustment,
        coalesce(settled.adjustment_item_id, '') as adjustment_item,
        coalesce(settled.shipment_id, '') as shipment,
        coalesce(settled.order_item_id, '') as item_code,
        case
            when scopes.has_decimal_comma
                then replace(coins(settled.amount, scopes.decimals), '.', ',')
            else coins(settled.amount, scopes.decimals)
        end as shown_amount,
        case
            when scopes.has_dotted_dates then strftime(settled.posted_at, '%d.%m.%Y')
            else strftime(settled.posted_at, '%Y-%m-%d')
        end as posted_date
    from settled
    inner join documents on settled.document_id = documents.document_id
    inner join scopes on documents.scope_id = scopes.scope_id
    where settled.part_no > 0 or documents.layout = 'settlement_v1'

)

select
    document_id,
    sort_key,
    null as return_key,
    amount,
    case layout
        when 'settlement_v2'
            then concat_ws(
                chr(9), settlement_id, '', '', '', '',
                case when marketplace_code = 'JP' then currency_code else '' end,
                transaction_type, amazon_order_id, '', adjustment, shipment,
                marketplace_name, amount_type, amount_description, shown_amount,
                fulfillment_id, posted_date,
                posted_date || strftime(posted_at, ' %H:%M:%S UTC'), item_code, '',
                adjustment_item, shown_sku,
                case
                    when part_no != 1 then ''
                    when transaction_type = 'Order' or marketplace_code = 'US'
                        then cast(quantity as varchar)
                    else ''
                end,
                case amount_type when 'Promotion' then 'Example Coupon 1' else '' end
            )
        else concat_ws(
            chr(9), settlement_id, '', '', '', '', '',
            case when part_no = 99 then amount_description else transaction_type end,
            amazon_order_id, case when part_no = 99 then '' else amazon_order_id end,
            adjustment, shipment, marketplace_name, '', '', '', '', fulfillment_id,
            iso(posted_at), item_code, '', adjustment_item, shown_sku,
            case when part_no = 0 then cast(quantity as varchar) else '' end,
            case amount_type when 'ItemPrice' then amount_description else '' end,
            case amount_type when 'ItemPrice' then shown_amount else '' end,
            case amount_type when 'ItemFees' then amount_description else '' end,
            case amount_type when 'ItemFees' then shown_amount else '' end,
            '', '', '',
            case amount_type when 'Promotion' then 'Example Coupon 1' else '' end,
            case amount_type when 'Promotion' then amount_description else '' end,
            case amount_type when 'Promotion' then shown_amount else '' end,
            '', '', case when part_no = 99 then shown_amount else '' end
        )
    end as line
from worded;
