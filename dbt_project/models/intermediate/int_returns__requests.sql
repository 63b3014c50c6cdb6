{# A return of the seller's with what each report knows of it: days of delivery, claims
   and money from the flat file; seconds from XML and the External Fulfillment API.
   What two of them restate is taken from the one delivered last. #}
{{ config(materialized='view') }}
{%- set own_reports = ['flat_returns', 'xml_returns'] %}
{%- set all_reports = own_reports + ['external_returns'] %}

with

items as (

    select * from {{ ref('int_return_items__matched') }}

),

flat_returns as (

    select * from {{ ref('stg_amazon_sp__mfn_returns') }}

),

xml_returns as (

    select
        items.return_key as merged_key,
        items.has_doubled_item,
        staged.*
    from items
    inner join {{ ref('stg_amazon_sp__xml_returns') }} as staged
        on items.item_key = staged.return_key
    where items.is_partner

),

external_returns as (

    select
        items.return_key as merged_key,
        marketplaces.marketplace_code,
        staged.*
    from items
    inner join {{ ref('stg_amazon_sp__external_returns') }} as staged
        on items.item_key = staged.return_key
    left join {{ ref('marketplaces') }} as marketplaces
        on
            staged.marketplace_id in (
                marketplaces.marketplace_id, 'AMAZON_' || marketplaces.marketplace_code
            )
    where items.is_partner and staged.is_newest

),

merged as (

    select
        -- keys
        items.return_key,
        items.seller_id,
        items.source_code,
        {{ first_stated('amazon_order_id', all_reports) }},
        {{ first_stated('sku', all_reports) }},
        {{ first_stated('asin', own_reports) }},
        coalesce(
            flat_returns.amazon_rma_id,
            xml_returns.amazon_rma_id,
            external_returns.rma_id
        ) as amazon_rma_id,
        flat_returns.order_item_id,
        {{ first_stated('tracking_id', all_reports) }},
        flat_returns.safe_t_claim_id,

        -- attributes
        coalesce(
            flat_returns.folder_marketplace_code,
            xml_returns.folder_marketplace_code,
            external_returns.marketplace_code,
            external_returns.folder_marketplace_code
        ) as folder_marketplace_code,
        {{ first_stated('product_name', own_reports) }},
        {{ first_stated('category_name', own_reports) }},
        {{ first_stated('stated_reason_code', all_reports) }},
        case
            when xml_returns.delivery_as_of_at > flat_returns.delivery_as_of_at
                then coalesce(
                    xml_returns.stated_status_name, flat_returns.stated_status_name
                )
            else coalesce(
                flat_returns.stated_status_name,
                xml_returns.stated_status_name,
                external_returns.stated_status_name
            )
        end as stated_status_name,
        {{ first_stated('stated_resolution_name', own_reports) }},
        {{ first_stated('stated_label_payer_name', own_reports) }},
        flat_returns.return_carrier_name,
        flat_returns.stated_claim_status_name,
        flat_returns.safe_t_action_code,
        {{ first_stated('currency_code', own_reports) }},

        -- measures
        {{ first_stated('returned_quantity', all_reports) }},
        {{ first_stated('label_cost_amount', own_reports) }},
        flat_returns.claim_amount,
        {{ first_stated('order_amount', own_reports) }},
        case
            when xml_returns.delivery_as_of_at > flat_returns.delivery_as_of_at
                then coalesce(xml_returns.refunded_amount, flat_returns.refunded_amount)
            else coalesce(flat_returns.refunded_amount, xml_returns.refunded_amount)
        end as refunded_amount,
        xml_returns.refunded_amount as item_refunded_amount,

        -- flags
        {{ first_stated('is_in_policy', own_reports) }},
        {{ first_stated('has_stated_policy', own_reports) }},
        coalesce(flat_returns.is_prime, xml_returns.is_prime, false) as is_prime,
        coalesce(flat_returns.has_a_to_z_claim, false)
        or coalesce(xml_returns.has_a_to_z_claim, false) as has_a_to_z_claim,
        coalesce(xml_returns.has_doubled_item, false) as has_doubled_item,

        -- times: the flat file's days are the marketplace's, the others' UTC
        flat_returns.ordered_date,
        xml_returns.ordered_at,
        coalesce(xml_returns.requested_at, external_returns.created_at)
            as requested_at,
        coalesce(
            flat_returns.requested_date,
            case
                when xml_returns.requested_at is null then xml_returns.requested_date
            end
        ) as requested_date,
        external_returns.delivered_at as received_at,
        coalesce(flat_returns.received_date, external_returns.delivered_date)
            as received_date

    from items

    left join flat_returns
        on items.return_key = flat_returns.return_key

    left join xml_returns
        on items.return_key = xml_returns.merged_key

    left join external_returns
        on items.return_key = external_returns.merged_key

    where items.is_return

)

select * from merged
