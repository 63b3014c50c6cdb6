-- What each case was paid back in all, and what documents show of each return.
create or replace temp view paid_back as
select
    case_key,
    sum(refunded) as refunded,
    min(posted_at) as first_refunded_at,
    min(posted_at) filter (where event_no = 1) as second_at,
    min(refunded) filter (where event_no = 0) as first_amount
from refunds
where case_key is not null
group by case_key;

create or replace temp view shown_returns as
select
    report_lines.return_key,
    count(*) as raw_row_count,
    max(documents.pulled_at) as last_pulled_at,
    bool_and(documents.layout = 'fba_old') as is_old_layout
from report_lines
inner join documents on report_lines.document_id = documents.document_id
where report_lines.return_key is not null
group by report_lines.return_key;
