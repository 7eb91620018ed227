-- posts/get_post_tags: the tags of one post, and whether the post exists at all.  GET /posts/{id}/tags
-- in:      postId bigint
-- out:     1 post+tag 1..50 where the post exists, by tag id; name and id are null where it has no tags
-- budget:  statements 1, rows 50
-- plan:    no seq scan; both modes
-- uses:    post_pkey, post_tag_pkey, tag_pkey
/* posts/get_post_tags 1 */
select p.version, (select e.epoch from blog.tag_epoch e) as tag_epoch, t.name, t.id
from blog.post p
left join blog.post_tag pt on pt.post_id = p.id
left join blog.tag t on t.id = pt.tag_id
where p.id = :postId
order by t.id;
