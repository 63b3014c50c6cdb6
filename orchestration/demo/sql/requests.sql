-- One row is one request for a return of what the seller ships, and whether Amazon holds
-- it against the seller: answered after 48 hours, or the buyer complained of it.
create or replace temp table requests as
select
    noted.case_key as request_id,
    scopes.seller_id,
    scopes.marketplace_code,
    noted.requested_at,
    noted.answered_at,
    noted.answered_at > later(noted.requested_at, 2)
    or u(noted.parcel_key, 'complains') < 0.03 as is_dissatisfied
from noted
inner join scopes on noted.scope_id = scopes.scope_id
where noted.requested_at <= getvariable('horizon');
