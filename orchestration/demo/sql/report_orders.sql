-- Order lines as each pull of the all-orders reports shows them: an early pull shows
-- what was not yet shipped, one by last update whatever changed in its window.
insert into report_lines by name
with

seen as (

    select
        documents.document_id,
        documents.report,
        documents.layout,
        documents.start_at,
        documents.end_at,
        documents.pulled_at,
        lines.*,
        case
            when lines.cancelled_at <= documents.pulled_at then 'Cancelled'
            when lines.shipped_at <= documents.pulled_at then 'Shipped'
            when later(lines.purchase_at, 0.1) > documents.pulled_at then 'Pending'
            when lines.channel = 'fba' then 'Pending'
            else 'Unshipped'
        end as state,
        greatest(
            lines.purchase_at,
            case when lines.cancelled_at <= documents.pulled_at
                then lines.cancelled_at
            end,
            case when lines.shipped_at <= documents.pulled_at
                then lines.shipped_at
            end,
            case when lines.settled_at <= documents.pulled_at
                then lines.settled_at
            end
        ) as updated_at
    from lines
    inner join documents
        on lines.account = documents.account
        and documents.report like 'GET_FLAT_FILE_ALL_ORDERS_DATA_%'
        and lines.purchase_at >= documents.start_at - case
            when documents.report like '%BY_LAST_UPDATE%' then interval 30 day
            else interval 0 day
        end
        and lines.purchase_at < documents.end_at
        and lines.purchase_at <= documents.pulled_at

),

worded as (

    select
        seen.*,
        offers.sku,
        offers.asin,
        offers.title,
        scopes.sales_channel,
        scopes.country_code,
        scopes.decimals,
        scopes.currency_code,
        seen.channel = 'mfn' as is_merchant,
        -- Price and quantity of a cancelled line are gone; a pending one has no price.
        seen.state in ('Shipped', 'Unshipped') and not seen.is_multi_channel
            as has_price,
        case when seen.state = 'Cancelled' then 0 else greatest(seen.quantity, 1) end
            as shown_quantity,
        case
            when seen.is_multi_channel then 'Non-Amazon'
            else scopes.sales_channel
        end as shown_channel
    from seen
    inner join scopes on seen.scope_id = scopes.scope_id
    inner join offers
        on seen.scope_id = offers.scope_id
        and seen.product_id = offers.product_id
    where
        seen.report not like '%BY_LAST_UPDATE%'
        or (seen.updated_at >= seen.start_at and seen.updated_at < seen.end_at)

),

priced as (

    select
        *,
        case when has_price then coins(unit_price * quantity, decimals) else '' end
            as item_price,
        case when has_price and unit_tax > 0
            then coins(unit_tax * quantity, decimals)
            else ''
        end as item_tax,
        case when has_price and shipping > 0 then coins(shipping, decimals) else '' end
            as shipping_price,
        case when has_price and unit_promotion > 0
            then coins(unit_promotion * quantity, decimals)
            else ''
        end as promotion,
        case
            when is_business then 'PO-EXAMPLE-' || digits(order_key, 'po', 4)
            else ''
        end as purchase_order,
        ['Sampleton', 'Testford', 'Mockville', 'Exampleton'][
            1 + cast(floor(u(order_key, 'city') * 4) as integer)
        ] as city
    from worded

)

select
    document_id,
    origin_key as sort_key,
    line_key,
    0 as amount,
    case layout
        when 'orders_long'
            then concat_ws(
                chr(9), amazon_order_id,
                case when is_merchant then '' else amazon_order_id end,
                iso(purchase_at), iso(updated_at), state,
                case when is_merchant then 'Merchant' else 'Amazon' end,
                shown_channel,
                case when is_merchant then 'WebsiteOrderChannel' else '' end, '',
                case when is_merchant then 'FreeEconomy' else 'Expedited' end,
                title, sku, asin, case when is_merchant then '1' else '' end, state,
                case when unit_tax > 0 then 'MarketplaceFacilitator' else '' end,
                case when unit_tax > 0 then 'Amazon Services LLC' else '' end,
                shown_quantity, case when has_price then currency_code else '' end,
                item_price, item_tax, shipping_price, '', '', '', promotion, '',
                city, 'ZZ', '00000', country_code,
                case when promotion = '' then '' else 'Example Coupon 1' end,
                'Standard', cast(is_business as varchar), purchase_order,
                case when is_business then 'Business Price' else '' end, '', '',
                'false'
            )
        else concat_ws(
            chr(9), amazon_order_id,
            case when is_merchant then '' else amazon_order_id end,
            iso(purchase_at), iso(updated_at), state,
            case when is_merchant then 'Merchant' else 'Amazon' end,
            shown_channel, case when is_merchant then 'WebsiteOrderChannel' else '' end,
            case when is_merchant then 'Standard' else 'Expedited' end,
            title, sku, asin, state, shown_quantity,
            case when has_price then currency_code else '' end,
            item_price, item_tax, shipping_price, '', '', '', promotion, '',
            city, '', '00000', country_code,
            case when promotion = '' then '' else 'Example Coupon 1' end,
            cast(is_business as varchar), purchase_order,
            case when is_business then 'Business Price' else '' end
        )
    end as line
from priced;
