-- What the documents should come to once every row counts once.
select
    (select count(*) from truth_order_lines where not is_resale) as order_lines,
    (select count(*) from truth_order_lines where is_in_files)
        as order_lines_in_files,
    (select count(*) from truth_returns where channel = 'mfn' and is_in_files)
        as mfn_returns_in_files,
    (select count(*) from truth_returns where channel = 'fba' and is_in_files)
        as fba_returns_in_files,
    (select count(*) from truth_returns) as returns,
    (select count(*) from truth_refunds) as refunds,
    (select count(*) from truth_refunds where is_in_files) as refunds_in_files,
    (select count(*) from truth_feedback where is_in_files) as feedback_in_files,
    (select count(*) from truth_outcomes) as units,
    (select count(*) from truth_outcomes where outcome_code = 'open') as open_units,
    (select count(*) from truth_messages) as messages,
    (select count(*) from truth_conversations) as conversations;
