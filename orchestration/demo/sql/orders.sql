-- One row is one order of the chunk. Everything is drawn from the order's key, the
-- number of its first line, so it does not depend on how the lines were cut.
create or replace temp table orders as
with

blocks as (

    select
        days.day,
        days.month_no,
        unnest(
            range(
                greatest(days.first_block, getvariable('first_block')),
                least(days.end_block, getvariable('end_block'))
            )
        ) as block_no
    from days
    where
        days.first_block < getvariable('end_block')
        and days.end_block > getvariable('first_block')

),

numbered as (

    select
        blocks.day,
        blocks.month_no,
        patterns.line_count,
        cast(blocks.block_no * 8 + patterns.first_line as ubigint) as order_key
    from blocks
    inner join patterns
        on cast(floor(u(blocks.block_no, 'pattern') * 8) as integer)
        = patterns.pattern_no
    where blocks.block_no * 8 + patterns.first_line < getvariable('order_lines')

),

placed as (

    select
        numbered.*,
        scopes.scope_id,
        scopes.account,
        scopes.seller_no,
        scopes.zone_no,
        scopes.prefixes,
        case
            when u(numbered.order_key, 'channel') < scopes.merchant_share then 'mfn'
            else 'fba'
        end as channel
    from numbered
    inner join month_scopes
        on numbered.month_no = month_scopes.month_no
        and u(numbered.order_key, 'scope') >= month_scopes.low
        and u(numbered.order_key, 'scope') < month_scopes.high
    inner join scopes on month_scopes.scope_id = scopes.scope_id

),

-- Buyers order in the evening of their own zone. One order in 25 falls within ten
-- minutes of local midnight, half of those of a clock-change day within an hour of it.
timed as (

    select
        placed.*,
        clock_shifts.shift_at,
        cast(
            case
                when u(order_key, 'midnight') < 0.04
                    then u(order_key, 'second') * 1200 - 600
                else
                    (u(order_key, 'hour') + u(order_key, 'second')) * 43200 + 25200
            end as bigint
        ) - offset_at(cast(day as timestamp) + interval 12 hour, placed.zone_no)
            as utc_second
    from placed
    left join clock_shifts
        on placed.zone_no = clock_shifts.zone_no
        and placed.day = cast(clock_shifts.shift_at as date)
        and u(placed.order_key, 'shift') < 0.5

),

bought as (

    select
        * exclude (utc_second, shift_at),
        case
            when shift_at is not null
                then
                    shift_at
                    + to_seconds(cast(u(order_key, 'second') * 7200 - 3600 as bigint))
            when day = date '2026-10-31'
                then day + to_seconds(((utc_second + 172800) % 86400) // 2)
            else day + to_seconds((utc_second + 172800) % 86400)
        end as purchase_at,
        channel = 'fba' and u(order_key, 'multi-channel') < 0.02 as is_multi_channel,
        u(order_key, 'business') < 0.03 as is_business,
        u(order_key, 'cancelled')
        < case when channel = 'mfn' then 0.045 else 0.02 end as is_cancelled,
        u(order_key, 'late ship') < 0.03 as is_shipped_late
    from timed

)

select
    * exclude (prefixes),
    case
        when is_multi_channel then 'S01'
        else
            cast(
                prefixes[1 + cast(floor(u(order_key, 'id') * len(prefixes)) as integer)]
                as varchar
            )
    end
    -- A factor without 2 or 5 in it reaches each seven digits once, so no two orders
    -- have the same number.
    || '-'
    || lpad(cast(
        (
            draw(order_key, 'first digits') % 100000 * 100
            + order_key // 10000000
        ) * 3141593 % 10000000 as varchar
    ), 7, '0')
    || '-'
    || lpad(cast((order_key * 7654321 + 1234567) % 10000000 as varchar), 7, '0')
        as amazon_order_id,
    case when is_cancelled
        then later(purchase_at, 0.05 + u(order_key, 'cancel time') * 1.2)
    end as cancelled_at,
    case when not is_cancelled
        then later(
            purchase_at,
            case when is_shipped_late and channel = 'mfn' then 2.2 else 0.25 end
            + u(order_key, 'ship') * case when channel = 'mfn' then 1.6 else 1.1 end
        )
    end as shipped_at,
    later(shipped_at, 0.8 + u(order_key, 'last update')) as settled_at,
    later(shipped_at, 1.2 + u(order_key, 'transit') * 4.5) as delivered_at
from bought;
