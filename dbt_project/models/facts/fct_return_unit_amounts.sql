{# Every sum of money that is for units, shared out over them so that its cents add up,
   in its currency, else the marketplace's. What is unknown has no row: it is not zero. #}
{%- set step = "case when event_type = '%s' then event_amount end" %}
{%- set sums = [
    ('refunded', 'refund', 'fct_refunds', 'refunded_amount'),
    ('reported_refund', 'return', 'fct_returns', 'refunded_amount'),
    ('return_fee', 'refund', 'fct_refunds', 'fee_amount'),
    ('label_cost', 'return', 'fct_returns', 'label_cost_amount'),
    ('claim', 'return', 'fct_returns', 'claim_amount'),
    ('reimbursed', 'reimbursement', 'fct_reimbursements', 'reimbursed_amount'),
    ('removal_fee', 'removal', 'fct_removals', 'fee_amount'),
    ('resale', 'resale', 'fct_order_lines', 'item_amount'),
    ('resale', 'warehouse_event', 'stg_operations__return_events', step % 'resold'),
    ('liquidation', 'warehouse_event', 'stg_operations__return_events',
        step % 'liquidated'),
    ('liquidation', 'removal', 'int_removals__liquidated', 'liquidation_amount'),
    ('cost_of_goods', 'product_version', 'dim_product_versions', 'unit_cost_amount'),
] %}
{%- set keys = {'resale': 'order_line_key'} %}

with

units as (

    select * from {{ ref('int_return_units__numbered') }}

),

links as (

    select * from {{ ref('fct_return_unit_links') }}

),

versions as (

    select * from {{ ref('dim_product_versions') }}

),

marketplaces as (

    select * from {{ ref('marketplaces') }}

),

amounts as (

    {% for amount_type, record_type, model, column in sums %}
        select
            '{{ amount_type }}' as amount_type,
            '{{ record_type }}' as record_type,
            {{ keys.get(record_type, record_type ~ '_key') }} as record_key,
            currency_code,
            {{ column }} as amount
        from {{ ref(model) }}
        where {{ column }} is not null {{ 'union all' if not loop.last }}
    {% endfor %}

),

shares as (

    {% for side, number, count in [
        ('refund', 'refund_unit_number', 'refund_unit_count'),
        ('return', 'unit_number', 'greatest(unit_count, 1)'),
    ] %}
        select
            unit_key,
            '{{ side }}' as record_type,
            {{ side }}_key as record_key,
            {{ number }} as share_number,
            {{ count }} as share_count
        from units
        where {{ side }}_key is not null

        union all

    {% endfor %}
    select
        unit_key,
        linked_type as record_type,
        linked_key as record_key,
        record_unit_number as share_number,
        record_quantity as share_count
    from links

    union all

    -- the cost of the day its return began, the marketplace's own if there is one
    select
        units.unit_key,
        'product_version' as record_type,
        coalesce(
            max(
                case
                    when versions.marketplace_code = units.marketplace_code
                        then versions.product_version_key
                end
            ),
            max(versions.product_version_key)
        ) as record_key,
        1 as share_number,
        1 as share_count
    from units
    inner join versions
        on
            units.seller_id = versions.seller_id
            and units.sku = versions.sku
            and versions.marketplace_code in (units.marketplace_code, 'default')
            and versions.unit_cost_amount is not null
            and units.return_date
            between versions.valid_from_date and versions.valid_to_date
    where units.not_counted_reason is null
    group by units.unit_key

)

select
    -- keys
    {{ surrogate_key([
        'shares.unit_key', 'amounts.amount_type', 'amounts.record_key'
    ]) }} as unit_amount_key,
    shares.unit_key,
    shares.record_key as evidence_key,
    units.seller_id,
    units.marketplace_code,

    -- attributes
    amounts.amount_type,
    coalesce(amounts.currency_code, marketplaces.currency_code) as currency_code,

    -- measures
    {{ unit_share('amounts.amount', 'shares.share_number', 'shares.share_count') }}
        as unit_amount

from shares
inner join amounts
    on
        shares.record_type = amounts.record_type
        and shares.record_key = amounts.record_key
inner join units
    on shares.unit_key = units.unit_key
left join marketplaces
    on units.marketplace_code = marketplaces.marketplace_code

-- where no settlement has the refund the returns report's word is all there is
where
    amounts.amount_type != 'reported_refund'
    or units.match_reason = 'refunded_per_return_report'
