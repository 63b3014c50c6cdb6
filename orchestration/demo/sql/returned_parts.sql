-- One row is one part of an order line that comes back: most lines in one parcel, some
-- in two.
create or replace temp table returned_parts as
with

returned as (

    select
        *,
        line_count > 1 and u(order_key, 'joint return') < 0.5 as is_joint,
        case
            when u(line_key, 'return all') < 0.55 then quantity
            else 1
        end as returned_quantity
    from lines
    where
        quantity > 0
        and not is_multi_channel
        and u(
            case
                when line_count > 1 and u(order_key, 'joint return') < 0.5
                    then order_key
                else line_key
            end,
            'returned'
        ) < return_rate

),

parted as (

    select
        *,
        channel = 'mfn' and returned_quantity > 1 and u(line_key, 'parted') < 0.4
            as is_parted
    from returned

),

parts as (

    select
        *,
        unnest(case when is_parted then [0, 1] else [0] end) as part
    from parted

)

select
    * exclude (is_parted),
    line_key * 2 + cast(part as ubigint) as case_key,
    case
        when is_joint and part = 0 then order_key * 4
        else line_key * 4 + 1 + cast(part as ubigint)
    end as parcel_key,
    case
        when not is_parted then returned_quantity
        when part = 0 then 1
        else returned_quantity - 1
    end as case_quantity,
    case when is_joint and part = 0 then order_key else line_key end as chooser
from parts;
