{# Ties what stands in the warehouse to the invocation that wrote it. The gate stores
   its verdict for one build id; publication demands the verdict of the newest one, so
   a `dbt build` by hand between gate and publication is noticed. Full is a build of
   everything with its data tests: after a failure only that proves all fits again. #}
{% macro record_build_start() -%}
    {% if execute and flags.WHICH in ('build', 'run', 'seed') %}
        {% set chosen = namespace(part=flags.WHICH != 'build') %}
        {% for name in ('select', 'exclude', 'selector', 'resource_types') %}
            {% set chosen.part = chosen.part or invocation_args_dict.get(name) %}
        {% endfor %}
        {% for left_out in invocation_args_dict.get('exclude_resource_types') or [] %}
            {% set chosen.part = chosen.part or left_out | string != 'unit_test' %}
        {% endfor %}
        {% do run_query("create schema if not exists meta") %}
        {% do run_query(
            "create table if not exists meta.builds ("
            ~ "build_id varchar, status varchar, is_full boolean, recorded_at timestamp)"
        ) %}
        {% do run_query(
            "insert into meta.builds values ('" ~ invocation_id ~ "', 'running', "
            ~ ("false" if chosen.part else "true")
            ~ ", current_localtimestamp())"
        ) %}
    {% endif %}
{%- endmacro %}

{% macro record_build_end(results) -%}
    {% if execute and flags.WHICH in ('build', 'run', 'seed') %}
        {% set failed = results | selectattr('status', 'in', ['error', 'fail', 'runtime error', 'skipped']) | list %}
        {% do run_query(
            "update meta.builds set status = '" ~ ('failed' if failed else 'built')
            ~ "' where build_id = '" ~ invocation_id ~ "'"
        ) %}
    {% endif %}
{%- endmacro %}
