{# Everything that adds up, by SKU: one place to drill down from. The counts are those
   of the SKU marts, joined on nothing but their keys; a count without money stands
   under the marketplace's currency, an amount under its own, so every number is in one
   row. #}
{%- set attribution = ref('kpi_reason_attribution_by_sku_month') %}
{%- set causes = ref('kpi_return_causes_by_sku_month') %}
{%- set handling = ref('kpi_handling_time_by_sku_month') %}
{%- set refunds = ref('kpi_refund_speed_by_sku_month') %}
{%- set recovery = ref('kpi_recovery_by_sku_month') %}
{%- set money = ref('kpi_misjudged_money_by_sku_month') %}
{%- set orders = ref('kpi_return_rate_by_sku_month') %}
{#- the mart, its column, the name here -#}
{%- set counts = [
    (orders, 'ordered_quantity', 'ordered_quantity'),
    (attribution, 'return_count', 'return_count'),
    (attribution, 'returned_quantity', 'returned_quantity'),
    (attribution, 'agrees_count', 'agrees_count'),
    (attribution, 'judged_count', 'judged_count'),
    (attribution, 'seller_fault_hidden_count', 'seller_fault_hidden_count'),
    (causes, 'controllable_return_count', 'controllable_return_count'),
    (handling, 'due_count', 'handling_due_count'),
    (handling, 'within_target_count', 'handled_within_target_count'),
    (refunds, 'due_count', 'refund_due_count'),
    (refunds, 'on_time_count', 'refund_on_time_count'),
    (refunds, 'late_count', 'refund_late_count'),
    (refunds, 'missing_count', 'refund_missing_count'),
    (refunds, 'partial_count', 'refund_partial_count'),
    (refunds, 'double_count', 'refund_double_count'),
    (recovery, 'unit_count', 'unit_count'),
    (recovery, 'restocked_count', 'restocked_count'),
    (recovery, 'resold_count', 'resold_count'),
    (recovery, 'disposed_count', 'disposed_count'),
    (recovery, 'kept_by_buyer_count', 'kept_by_buyer_count'),
    (recovery, 'lost_count', 'lost_count'),
    (recovery, 'open_count', 'open_count'),
    (recovery, 'net_loss_known_count', 'net_loss_known_count'),
] %}
{%- set amounts = [
    (recovery, 'recovered_amount', 'recovered_amount'),
    (recovery, 'write_off_amount', 'write_off_amount'),
    (recovery, 'forgone_amount', 'forgone_amount'),
    (recovery, 'return_cost_amount', 'return_cost_amount'),
    (recovery, 'net_loss_amount', 'net_loss_amount'),
    (money, 'misjudged_amount', 'misjudged_amount'),
] %}
{#- the mart, its rows, its month, whether it states a currency -#}
{%- set marts = [
    (orders, 'true', 'order_month_start_date', false),
    (attribution, 'true', 'month_start_date', false),
    (causes, 'true', 'month_start_date', false),
    (handling, "stage_code = 'request_to_refund'", 'month_start_date', false),
    (refunds, 'true', 'month_start_date', false),
    (recovery, 'true', 'month_start_date', true),
    (money, 'true', 'month_start_date', true),
] %}

with

marketplaces as (

    select * from {{ ref('dim_marketplaces') }}

),

products as (

    select * from {{ ref('dim_products') }}

),

stacked as (

    {% for mart, condition, month, has_currency in marts -%}
        select
            seller_id,
            marketplace_code,
            channel,
            {{ month }} as month_start_date,
            coalesce(sku, 'unknown') as sku,
            {% for source, column, name in counts -%}
                {% if source == mart %}{{ column }}{% else %}cast(null as bigint)
                {%- endif %} as {{ name }},
            {% endfor -%}
            {% for source, column, name in amounts -%}
                {% if source == mart %}{{ column }}{% else %}
                    cast(null as decimal(18, 2))
                {%- endif %} as {{ name }},
            {% endfor -%}
            {% if has_currency %}currency_code{% else %}
                cast(null as {{ dbt.type_string() }}) as currency_code
            {%- endif %}
        from {{ mart }}
        where {{ condition }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

placed as (

    select
        stacked.*,
        coalesce(
            stacked.currency_code, marketplaces.currency_code, 'unknown'
        ) as row_currency_code
    from stacked
    left join marketplaces
        on stacked.marketplace_code = marketplaces.marketplace_code

)

select
    -- keys
    placed.seller_id,
    placed.marketplace_code,
    placed.channel,
    placed.month_start_date,
    placed.sku,
    placed.row_currency_code as currency_code,

    -- attributes
    max(products.asin) as asin,
    coalesce(max(products.category_name), 'unknown') as category_name,

    -- measures
    {% for source, column, name in counts -%}
        cast(sum(placed.{{ name }}) as bigint) as {{ name }},
    {% endfor -%}
    {% for source, column, name in amounts -%}
        cast(sum(placed.{{ name }}) as decimal(18, 2)) as {{ name }}
        {%- if not loop.last %},{% endif %}
    {% endfor %}

from placed

left join products
    on placed.seller_id = products.seller_id and placed.sku = products.sku

group by
    placed.seller_id,
    placed.marketplace_code,
    placed.channel,
    placed.month_start_date,
    placed.sku,
    placed.row_currency_code
