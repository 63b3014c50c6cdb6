{# What holds for every table, checked where the table is made: each row is named by its
   key (`meta.primary_key`), and a share or rate is 0 to 1 unless the model says that the
   column may exceed it (`meta.unbounded`). A fault fails the model: its old table stays,
   nothing below it is built. As tests these were one dbt node a model and half of a
   build's time. #}
{% macro assert_well_formed() %}
    {%- if execute and not flags.EMPTY -%}
        {%- set meta = config.get('meta') or {} -%}
        {%- set key = meta.get('primary_key') or [] -%}
        {%- set shares = share_columns(model, meta.get('unbounded') or []) -%}
        {%- if key or shares -%}
            {%- set found = run_query(well_formed_query(this, key, shares)).rows[0] -%}
            {%- set faults = [] -%}
            {%- if key and found[0] > 0 -%}
                {%- do faults.append(
                    found[0] ~ " keys (" ~ key | join(", ") ~ ") are null or not unique"
                ) -%}
            {%- endif -%}
            {%- for column in shares -%}
                {%- if found[loop.index] > 0 -%}
                    {%- do faults.append(
                        column ~ " is outside 0 to 1 in " ~ found[loop.index] ~ " rows"
                    ) -%}
                {%- endif -%}
            {%- endfor -%}
            {%- if faults -%}
                {%- do exceptions.raise_compiler_error(
                    model.name ~ ": " ~ faults | join("; ")
                ) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}


{% macro well_formed_query(relation, key, shares) %}
    select
        {% if key -%}
            (
                select count(*) from (
                    select 1 as fault
                    from {{ relation }}
                    group by {{ key | join(", ") }}
                    having
                        count(*) > 1
                        {%- for column in key %} or {{ column }} is null{% endfor %}
                ) as faults
            )
        {%- else %}0{% endif %} as key_faults
        {%- for column in shares %},
            count(case when {{ column }} not between 0 and 1 then 1 end) as share_{{ loop.index }}
        {%- endfor %}
    from {% if shares %}{{ relation }}{% else %}(select 1 as one) as nothing{% endif %}
{% endmacro %}


{% macro share_columns(node, unbounded) %}
    {%- set found = [] -%}
    {%- if (node.contract or {}).enforced -%}
        {%- for name in node.columns if name not in unbounded -%}
            {%- if modules.re.search('_(share|rate)(_low|_high)?$', name) -%}
                {%- do found.append(name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{% endmacro %}
