-- Amazon also takes out what lies there for too long: sellable, and no buyer had it.
insert into late_lines
select
    documents.document_id,
    concat_ws(chr(9), 'aged', offers.sku) as sort_text,
    concat_ws(
        chr(9), '2026-04-02T05:00:00+00:00',
        letters(scopes.scope_id, 'aged order', 10),
        'Amazon-initiated Automated Aged fulfillable Removal System', 'Return',
        if(documents.layout = 'removals', 'Standard', null), 'Completed',
        '2026-04-19T11:00:00+00:00', offers.sku, offers.fnsku, 'Sellable',
        6, 0, 0, 6, 0,
        tsv_decimal(offers.unit_fee, scopes.decimals, scopes.has_decimal_comma),
        scopes.currency_code
    ) as line
from scopes
inner join offers
    on scopes.scope_id = offers.scope_id
    and offers.product_id % 7 = 3
    and offers.product_id < 1000
inner join documents
    on scopes.account = documents.account
    and documents.report
    = 'GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA'
    and timestamp '2026-04-02 05:00:00' >= documents.start_at
    and timestamp '2026-04-02 05:00:00' < documents.end_at
where scopes.scope_id in (1, 4);
