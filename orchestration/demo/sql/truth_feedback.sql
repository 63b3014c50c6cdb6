-- One row is one rating of an order.
create or replace temp table truth_feedback as
with

shown as (

    select distinct report_lines.sort_key as order_key
    from report_lines
    inner join documents on report_lines.document_id = documents.document_id
    where documents.report = 'GET_SELLER_FEEDBACK_DATA'

)

select
    feedback.order_key as feedback_id,
    feedback.seller_id,
    feedback.marketplace_code,
    feedback.channel,
    feedback.amazon_order_id,
    feedback.rated_date as feedback_date,
    feedback.rating,
    feedback.is_returned as is_return_linked,
    feedback.is_slow as is_refund_slow,
    shown.order_key is not null as is_in_files
from feedback
left join shown on feedback.order_key = shown.order_key
order by feedback_id;
