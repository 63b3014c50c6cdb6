-- Removal orders as each pull shows them, restated until they are completed: one row is
-- one SKU and condition of one order, with the units of many buyers and of none.
create or replace temp view removal_rows as
with

asked as (

    select *, false as is_cancelled_part from all_units where removal_no is not null
    union all by name
    select
        * replace (
            removal_no - 1 as removal_no,
            removal_requested_at(removal_no - 1) as removal_requested_at,
            removal_type(removal_no - 1, scope_id) as removal_type
        ),
        true as is_cancelled_part
    from all_units
    where is_removal_cancelled

),

seen as (

    select
        asked.*,
        documents.document_id,
        documents.pulled_at,
        later(asked.removal_requested_at, 4) as cancelled_at,
        removal_done_at(asked.removal_no, asked.removal_part) as done_at
    from asked
    inner join documents
        on asked.account = documents.account
        and documents.report
        = 'GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA'
        and asked.removal_requested_at >= documents.start_at
        and asked.removal_requested_at < documents.end_at
        and asked.removal_requested_at <= documents.pulled_at

),

counted as (

    select
        document_id,
        pulled_at,
        removal_no,
        removal_type,
        scope_id,
        product_id,
        removal_requested_at,
        count(*) as requested,
        count(*) filter (where is_cancelled_part and cancelled_at <= pulled_at)
            as cancelled,
        count(*) filter (where not is_cancelled_part and done_at <= pulled_at) as done,
        max(done_at) filter (where not is_cancelled_part and done_at <= pulled_at)
            as last_done_at,
        max(cancelled_at) filter (where is_cancelled_part and cancelled_at <= pulled_at)
            as last_cancelled_at
    from seen
    group by all

)

select
    *,
    requested - cancelled - done as in_process,
    case
        when in_process > 0 and pulled_at < later(removal_requested_at, 3)
            then 'Pending'
        when in_process > 0 then 'In Process'
        when done = 0 then 'Cancelled'
        else 'Completed'
    end as status,
    greatest(removal_requested_at, last_done_at, last_cancelled_at) as updated_at
from counted;

create or replace temp table late_lines as
select
    removal_rows.document_id,
    concat_ws(chr(9), removal_no, offers.sku) as sort_text,
    concat_ws(
        chr(9), iso(removal_requested_at), removal_id(removal_no),
        'Seller-configured Automated Unfulfillable Removal System',
        removal_type, case when documents.layout = 'removals' then 'Standard' end,
        status, iso(updated_at), offers.sku, offers.fnsku, 'Unsellable', requested,
        cancelled, if(removal_type = 'Disposal', done, 0),
        if(removal_type = 'Disposal', 0, done), in_process,
        tsv_decimal(done * offers.unit_fee // 8, scopes.decimals,
            scopes.has_decimal_comma),
        scopes.currency_code
    ) as line
from removal_rows
inner join documents on removal_rows.document_id = documents.document_id
inner join scopes on removal_rows.scope_id = scopes.scope_id
inner join offers
    on removal_rows.scope_id = offers.scope_id
    and removal_rows.product_id = offers.product_id;

-- The parcels of removal orders. Amazon shows some of them weeks late.
insert into late_lines
select
    documents.document_id,
    concat_ws(chr(9), removal_no, removal_part, offers.sku) as sort_text,
    concat_ws(
        chr(9), iso(any_value(removal_requested_at)), removal_id(removal_no),
        iso(any_value(removed_at)), offers.sku, any_value(offers.fnsku), 'Unsellable',
        count(*), 'UPS', '1Z' || digits(removal_no * 2 + removal_part, 'parcel', 16),
        any_value(removal_type)
    ) as line
from all_units
inner join offers
    on all_units.scope_id = offers.scope_id
    and all_units.product_id = offers.product_id
inner join documents
    on all_units.account = documents.account
    and documents.report
    = 'GET_FBA_FULFILLMENT_REMOVAL_SHIPMENT_DETAIL_DATA'
    and all_units.removed_at >= documents.start_at
    and all_units.removed_at < documents.end_at
    and later(
        all_units.removed_at,
        if(u(all_units.removal_no, 'late scan') < 0.3, 25, 1)
    ) <= documents.pulled_at
where removal_type != 'Disposal'
group by documents.document_id, removal_no, removal_part, offers.sku;
