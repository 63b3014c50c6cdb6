-- What Amazon adds up of orders, refunds and ratings, by day and by article; of the
-- chunk, so that adding up all of them takes little memory.
create or replace temp table sales_days as
with

sold as (

    select
        seller_id,
        marketplace_code,
        ordered_date_local as day,
        sum(item_amount) as amount,
        sum(quantity) as units,
        count(*) filter (where quantity > 0) as items,
        cast(0 as bigint) as refunded,
        cast(0 as bigint) as claims,
        cast(0 as decimal(18, 2)) as claimed,
        sum(quantity) filter (where shipped_at <= getvariable('horizon')) as shipped,
        count(distinct amazon_order_id)
            filter (where shipped_at <= getvariable('horizon')) as orders,
        cast(0 as bigint) as ratings,
        cast(0 as bigint) as negative
    from truth_order_lines
    where not is_multi_channel and not is_cancelled
    group by all

),

refunded as (

    select
        truth_refunds.seller_id,
        truth_refunds.marketplace_code,
        cast(local_time(posted_at, scopes.zone_no) as date) as day,
        sum(refunded_quantity) as refunded,
        count(*) filter (where kind = 'a_to_z') as claims,
        sum(refunded_amount) filter (where kind = 'a_to_z') as claimed
    from truth_refunds
    inner join scopes
        on truth_refunds.seller_id = scopes.seller_id
        and truth_refunds.marketplace_code = scopes.marketplace_code
    where posted_at <= getvariable('horizon')
    group by all

),

rated as (

    select
        seller_id,
        marketplace_code,
        feedback_date as day,
        count(*) as ratings,
        count(*) filter (where rating <= 2) as negative
    from truth_feedback
    group by all

),

added as (

    select * from sold
    union all by name
    select * from refunded
    union all by name
    select * from rated

)

select
    seller_id,
    marketplace_code,
    day,
    coalesce(sum(amount), 0) as amount,
    cast(coalesce(sum(units), 0) as bigint) as units,
    cast(coalesce(sum(items), 0) as bigint) as items,
    cast(coalesce(sum(refunded), 0) as bigint) as refunded,
    cast(coalesce(sum(claims), 0) as bigint) as claims,
    coalesce(sum(claimed), 0) as claimed,
    cast(coalesce(sum(shipped), 0) as bigint) as shipped,
    cast(coalesce(sum(orders), 0) as bigint) as orders,
    cast(coalesce(sum(ratings), 0) as bigint) as ratings,
    cast(coalesce(sum(negative), 0) as bigint) as negative
from added
where day <= date '2026-10-31'
group by seller_id, marketplace_code, day;

create or replace temp table sales_articles as
select
    seller_id,
    marketplace_code,
    sku,
    any_value(asin) as asin,
    cast(sum(quantity) as bigint) as units,
    sum(item_amount) as amount,
    count(*) as items
from truth_order_lines
where not is_multi_channel and not is_cancelled
group by seller_id, marketplace_code, sku;
