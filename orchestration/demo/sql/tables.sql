-- Parameters of the simulation. Every range (low, high) is cumulative: the row whose
-- range holds a uniform draw is the one that is drawn.
create table days (
    day_no integer,
    day date,
    month_no integer,
    first_block bigint,
    end_block bigint
);
create table patterns (pattern_no integer, first_line integer, line_count integer);
create table month_scopes (
    month_no integer, scope_id integer, low double, high double
);
create table month_categories (
    month_seller integer, category_id integer, low double, high double
);
create table scopes (
    scope_id integer,
    account varchar,
    seller_no integer,
    seller_id varchar,
    marketplace_code varchar,
    sales_channel varchar,
    marketplace_id varchar,
    country_code varchar,
    currency_code varchar,
    decimals integer,
    zone_no integer,
    language varchar,
    merchant_share double,
    prefixes integer [],
    is_tax_included boolean,
    is_tax_withheld boolean,
    has_first_scan_refunds boolean,
    claim_share double,
    free_label_share double,
    has_decimal_comma boolean,
    has_dotted_dates boolean,
    feedback_date varchar
);
create table categories (
    category_id integer, name varchar, first_product integer, product_count integer
);
create table offers (
    scope_id integer,
    product_id integer,
    sku varchar,
    asin varchar,
    fnsku varchar,
    title varchar,
    unit_price bigint,
    unit_tax bigint,
    unit_fee bigint,
    return_rate double,
    is_mis_sized boolean,
    bad_lot_share double
);
create table conduct (
    seller_no integer,
    month_no integer,
    same_day double,
    next_day double,
    second_day double,
    misstatement double
);
create table spared (
    product_id integer, cause_id integer, from_day date, to_day date, share double
);
create table causes (
    cause_id integer,
    cause varchar,
    fault varchar,
    misstated_share double,
    is_seller_paid boolean
);
create table cause_weights (
    category_id integer, cause_id integer, low double, high double
);
create table stated_weights (
    cause_id integer, stated_cause_id integer, low double, high double
);
create table codes (
    channel varchar, cause_id integer, code varchar, low double, high double
);
create table dispositions (
    cause_id integer, disposition varchar, low double, high double
);
create table unit_statuses (
    disposition varchar, status varchar, low double, high double
);
create table resolutions (
    has_first_scan_refunds boolean, resolution varchar, low double, high double
);
create table verdicts (
    action varchar, state varchar, label_share double, low double, high double
);
create table carriers (
    scope_id integer,
    carrier varchar,
    tracking_start varchar,
    tracking_digits integer,
    label_cost bigint,
    low double,
    high double
);
create table comments (
    kind varchar,
    language varchar,
    topic varchar,
    number integer,
    choices integer,
    text varchar
);
create table replies (language varchar, text varchar);
create table workdays (scope_id integer, day date, number integer, workday date);
create table clock_shifts (zone_no integer, shift_at timestamp);
create table documents (
    document_id integer,
    report varchar,
    layout varchar,
    account varchar,
    scope_id integer,
    window_start date,
    window_end date,
    start_at timestamp,
    end_at timestamp,
    pulled_at timestamp,
    settlement_id bigint
);
create table settlement_parts (
    part_no integer,
    amount_type varchar,
    amount_description varchar
);
