-- What a subscription without `posts` is bought for: an order is paid for before it begins, so there is no number of posts that is
-- unlimited. Only this type has it.
alter table services add column unlimited_posts integer check (unlimited_posts between 1 and 100000);
update services set unlimited_posts = 100 where type = 'Subscriptions';
alter table services add check ((type = 'Subscriptions') = (unlimited_posts is not null));
