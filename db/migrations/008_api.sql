-- What the API needs beside the orders themselves.

-- How a service has been delivered lately is read from the orders of it that ended lately.
create index orders_service_settled on orders (service_id, settled_at) where settled_at is not null;
