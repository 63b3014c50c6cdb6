-- One row is one line of a returns document and the return it shows. Line numbers are
-- those within the chunk; what earlier chunks wrote is added when parts are merged.
create or replace temp table truth_report_rows as
select
    document_id,
    getvariable('chunk') as chunk_no,
    row_number() over (partition by document_id order by sort_key) as row_in_chunk,
    return_key as return_id
from report_lines
where return_key is not null
order by document_id, row_in_chunk;
