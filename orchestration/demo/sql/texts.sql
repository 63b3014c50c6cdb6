-- The chunk's part of each document.
select
    document_id,
    count(*) as row_count,
    cast(sum(amount) as bigint) as amount,
    concat(string_agg(line, chr(10) order by sort_key, line), chr(10)) as lines
from report_lines
group by document_id
order by document_id;
