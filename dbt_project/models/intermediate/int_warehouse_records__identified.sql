{# Which returns a note of the warehouse can be about: those of its RMA and SKU, else of
   its plate, else those of its order and SKU that came on its day, else all of these. A
   SKU that the return does not have is taken for another spelling only where one single
   return can be meant. A note without SKU and plate is about the whole parcel. #}
with

records as (

    select * from {{ ref('int_warehouse_records__unioned') }}

),

named as (

    select * from {{ ref('int_returns__named') }}

),

ways as (

    {% for way, parts in [
        ('rma_and_sku', ['rma_id', 'sku']),
        ('license_plate', ['license_plate_number']),
        ('rma', ['rma_id']),
        ('received_day', ['amazon_order_id', 'sku', 'received_date_local']),
        ('order_and_sku', ['amazon_order_id', 'sku']),
        ('order', ['amazon_order_id']),
    ] %}
        select
            record_key,
            {{ loop.index }} as way_number,
            '{{ way }}' as way_code,
            {{ surrogate_key(["'" ~ way ~ "'", 'seller_id'] + parts) }} as name_key
        from records
        where
            {{ parts | join(' is not null and ') }} is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

found as (

    select
        records.*,
        ways.way_number,
        ways.way_code,
        named.group_type,
        named.group_key,
        named.lone_key,
        -- the name of a parcel, but the note is about an item
        ways.way_code in ('rma', 'order') and records.sku is not null as is_other_sku,
        row_number() over (
            partition by records.record_key
            order by ways.way_number asc nulls last
        ) as preference_number
    from records
    inner join ways
        on records.record_key = ways.record_key
    inner join named
        on ways.name_key = named.name_key
    where
        named.return_count = 1
        or ways.way_code in ('rma_and_sku', 'license_plate', 'order_and_sku')
        or (ways.way_code in ('rma', 'order') and records.sku is null)

)

select
    record_key,
    seller_id,
    record_type,
    lane_code,
    case when is_other_sku then lone_key else group_key end as group_key,
    case
        when is_other_sku and way_code = 'rma' then 'identity'
        when is_other_sku then 'item'
        else group_type
    end as group_type,
    case
        when is_other_sku then 'sku_differs'
        -- Amazon's numbers end like that: this one is of another return
        when
            way_code in ('received_day', 'order_and_sku')
            and upper(rma_id) like '%RRMA'
            then 'rma_differs'
        else way_code
    end as match_reason,
    record_quantity,
    is_newest_kept,
    record_date,
    recorded_at
from found
where preference_number = 1
