{# Lines of removal orders and of their parcels in one shape, their words in closed
   lists. What no seed knows is `unknown`; what was stated stays beside it. #}
{{ config(materialized='view') }}

with

orders as (

    select * from {{ ref('stg_amazon_sp__removal_orders') }}

),

shipments as (

    select * from {{ ref('stg_amazon_sp__removal_shipments') }}

),

words as (

    select * from {{ ref('removal_words') }}

),

lines as (

    select
        true as is_order_line,
        removal_key,
        seller_id,
        folder_marketplace_code,
        removal_order_id,
        sku,
        fnsku,
        occurrence_number,
        stated_type_name,
        stated_source_name,
        stated_status_name,
        stated_disposition_name,
        currency_code,
        requested_date,
        requested_at,
        shipped_quantity,
        disposed_quantity,
        cast(null as date) as shipped_date,
        cast(null as timestamp) as shipped_at
    from orders

    union all

    select
        false as is_order_line,
        removal_shipment_key as removal_key,
        seller_id,
        folder_marketplace_code,
        removal_order_id,
        sku,
        fnsku,
        occurrence_number,
        stated_type_name,
        cast(null as {{ dbt.type_string() }}) as stated_source_name,
        cast(null as {{ dbt.type_string() }}) as stated_status_name,
        stated_disposition_name,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        requested_date,
        requested_at,
        shipped_quantity,
        cast(null as bigint) as disposed_quantity,
        shipped_date,
        shipped_at
    from shipments

)

select
    lines.*,
    coalesce(type_words.removal_code, 'unknown') as removal_type,
    coalesce(source_words.removal_code, 'unknown') as removal_source,
    coalesce(status_words.removal_code, 'unknown') as removal_status,
    coalesce(disposition_words.removal_code, 'unknown') as disposition_code
from lines

left join words as type_words
    on
        type_words.word_kind = 'type'
        and {{ bare_word('lines.stated_type_name') }} = type_words.removal_word
        and lines.requested_date between type_words.valid_from and type_words.valid_to

left join words as source_words
    on
        source_words.word_kind = 'source'
        and {{ bare_word('lines.stated_source_name') }} = source_words.removal_word
        and lines.requested_date
        between source_words.valid_from and source_words.valid_to

left join words as status_words
    on
        status_words.word_kind = 'status'
        and {{ bare_word('lines.stated_status_name') }} = status_words.removal_word
        and lines.requested_date
        between status_words.valid_from and status_words.valid_to

left join words as disposition_words
    on
        disposition_words.word_kind = 'disposition'
        and {{ bare_word('lines.stated_disposition_name') }}
        = disposition_words.removal_word
        and lines.requested_date
        between disposition_words.valid_from and disposition_words.valid_to
