{# Which of these columns differ from the row before, by name, joined by commas; empty
   where none does, null for the first row. #}
{% macro changed_columns(columns, partition, order) -%}
    {%- set before -%}
        over (partition by {{ partition }} order by {{ order }} nulls last)
    {%- endset -%}
    {%- set parts = [] -%}
    {%- for column in columns -%}
        {%- set now = "cast(" ~ column ~ " as " ~ dbt.type_string() ~ ")" -%}
        {%- do parts.append(
            "case when coalesce(" ~ now ~ ", '') != coalesce(lag(" ~ now ~ ") "
            ~ before ~ ", '') then ', " ~ column ~ "' else '' end"
        ) -%}
    {%- endfor -%}
    case
        when row_number() {{ before }} > 1
            then substring({{ parts | join(" || ") }}, 3)
    end
{%- endmacro %}
