{# Lower or upper end of the 95 % interval of a positive quantity of known mean and
   variance, as a gamma distribution has it (Wilson and Hilferty: its cube root is nearly
   normal): skewed as counts are, and never below zero. 1.959964 is the 97.5 % point of
   the normal distribution. Zero where the mean is zero. #}
{% macro gamma_bound(mean, variance, side) -%}
    case
        when {{ mean }} > 0 and {{ variance }} > 0
            then {{ mean }} * power(
                greatest(
                    1.0 - {{ variance }} / (9.0 * {{ mean }} * {{ mean }})
                    {{ '-' if side == 'low' else '+' }} 1.959964
                    * sqrt({{ variance }}) / (3.0 * {{ mean }}), 0.0
                ), 3
            )
        when {{ mean }} = 0 then 0.0
    end
{%- endmacro %}
