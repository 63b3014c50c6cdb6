-- The chunk's part of each document, and of each list in it.
select
    document_id,
    list_name,
    cast(sum(coalesce(row_count, 1)) as bigint) as row_count,
    cast(sum(amount) as bigint) as amount,
    concat(string_agg(line, chr(10) order by sort_key, line), chr(10)) as lines
from report_lines
group by document_id, list_name
order by document_id, list_name;
