-- The rows of all documents that this chunk reaches; sorted by line within a document,
-- so that a document does not depend on the chunks it was made of.
create or replace temp table report_lines (
    document_id integer,
    list_name varchar,
    sort_key ubigint,
    return_key ubigint,
    line_key ubigint,
    row_count bigint,
    amount bigint,
    line varchar
);
