-- What the chunks add up to.
create or replace temp table sales_days as
select
    seller_id,
    marketplace_code,
    day,
    sum(columns(* exclude (seller_id, marketplace_code, day)))
from all_sales_days
group by seller_id, marketplace_code, day;

create or replace temp table sales_articles as
select
    seller_id,
    marketplace_code,
    sku,
    any_value(asin) as asin,
    sum(units) as units,
    sum(amount) as amount,
    sum(items) as items
from all_sales_articles
group by seller_id, marketplace_code, sku;
