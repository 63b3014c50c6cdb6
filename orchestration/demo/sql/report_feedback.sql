-- Ratings as each pull of the feedback report shows them; a reply may come later.
insert into report_lines by name
select
    documents.document_id,
    feedback.order_key as sort_key,
    null as return_key,
    0 as amount,
    concat_ws(
        chr(9),
        case feedback.date_format
            when '%m/%d/%y' then strftime(feedback.rated_date, '%m/%d/%y')
            when '%d.%m.%y' then strftime(feedback.rated_date, '%d.%m.%y')
            when '%y/%m/%d' then strftime(feedback.rated_date, '%y/%m/%d')
            else strftime(feedback.rated_date, '%d/%m/%y')
        end,
        feedback.rating,
        feedback.comment,
        case when feedback.replied_at <= documents.pulled_at
            then feedback.reply
            else ''
        end,
        feedback.amazon_order_id,
        'rater-' || digits(feedback.order_key, 'rater', 6) || '@example.com'
    ) as line
from feedback
inner join documents
    on feedback.scope_id = documents.scope_id
    and documents.report = 'GET_SELLER_FEEDBACK_DATA'
    and feedback.rated_date >= documents.window_start
    and feedback.rated_date < documents.window_end
    and feedback.rated_at <= documents.pulled_at;
