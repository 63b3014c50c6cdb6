-- Units that hold more or less money than the refunds, labels, claims and linked
-- reimbursements they were paid by make every cost of returns wrong. Each unit has one
-- end, each returned unit one row.
{{ config(meta={'dagster': {'ref': {'name': 'fct_return_outcomes'}}}) }}

with

outcomes as (

    select * from {{ ref('fct_return_outcomes') }}

),

stated as (

    select
        'refunded' as amount_type,
        seller_id,
        currency_code,
        sum(refunded_amount) as amount
    from {{ ref('fct_refunds') }}
    where is_counted
    group by seller_id, currency_code

    union all

    {% for amount_type, column in [
        ('label_cost', 'label_cost_amount'), ('claim', 'claim_amount'),
    ] %}
        select
            '{{ amount_type }}' as amount_type,
            seller_id,
            currency_code,
            sum({{ column }}) as amount
        from {{ ref('fct_returns') }}
        where {{ column }} is not null
        group by seller_id, currency_code

        union all

    {% endfor %}
    select
        'returned_quantity' as amount_type,
        seller_id,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        sum(returned_quantity) as amount
    from {{ ref('fct_returns') }}
    where is_counted
    group by seller_id

),

held as (

    {% for amount_type in ['refunded', 'label_cost', 'claim'] %}
        select
            '{{ amount_type }}' as amount_type,
            seller_id,
            currency_code,
            sum({{ amount_type }}_amount) as amount
        from outcomes
        where {{ amount_type }}_amount is not null
        group by seller_id, currency_code

        union all

    {% endfor %}
    select
        'returned_quantity' as amount_type,
        seller_id,
        cast(null as {{ dbt.type_string() }}) as currency_code,
        count(*) as amount
    from outcomes
    where is_counted and return_key is not null
    group by seller_id

),

sides as (

    select
        *,
        amount as stated_amount,
        0 as held_amount
    from stated

    union all

    select
        *,
        0 as stated_amount,
        amount as held_amount
    from held

),

-- a reimbursement whose units are all linked is given away whole
reimbursed as (

    select
        links.linked_key,
        max(links.record_quantity) as record_quantity,
        count(*) as unit_count
    from {{ ref('fct_return_unit_links') }} as links
    where links.linked_type = 'reimbursement'
    group by links.linked_key

),

shared as (

    select
        evidence_key,
        sum(unit_amount) as amount
    from {{ ref('fct_return_unit_amounts') }}
    where amount_type = 'reimbursed'
    group by evidence_key

)

select
    seller_id,
    amount_type,
    currency_code,
    sum(stated_amount) as stated_amount,
    sum(held_amount) as held_amount
from sides
group by seller_id, amount_type, currency_code
having sum(stated_amount) != sum(held_amount)

union all

select
    reimbursements.seller_id,
    reimbursements.reimbursement_key as amount_type,
    reimbursements.currency_code,
    reimbursements.reimbursed_amount as stated_amount,
    shared.amount as held_amount
from {{ ref('fct_reimbursements') }} as reimbursements
inner join reimbursed
    on
        reimbursements.reimbursement_key = reimbursed.linked_key
        and reimbursed.record_quantity = reimbursed.unit_count
left join shared
    on reimbursements.reimbursement_key = shared.evidence_key
where coalesce(shared.amount, 0) != coalesce(reimbursements.reimbursed_amount, 0)
