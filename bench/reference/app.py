"""A peer of the service: three operations with FastAPI and SQLAlchemy's asynchronous session, as tutorials teach it.

Relations are read by selectinload, and what is created is created one by one: each tag is looked for and added where it is not
there. Two requests that add the same tag at once are a conflict of its unique name: one of them is answered with 500.
"""

from fastapi import Depends, FastAPI, HTTPException, Query, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from database import request_session
from shapes import PageAnswer, UserAnswer, UserInput
from tables import Post, Profile, Tag, User, post_tag

app = FastAPI()


async def find_user(session: AsyncSession, user_id: int):
    graph = (
        select(User)
        .where(User.id == user_id)
        .options(selectinload(User.profile), selectinload(User.posts).selectinload(Post.tags))
        .execution_options(populate_existing=True)
    )
    return (await session.execute(graph)).scalar_one_or_none()


async def find_or_add_tag(session: AsyncSession, name: str):
    tag = (await session.execute(select(Tag).where(Tag.name == name))).scalar_one_or_none()
    if tag is None:
        tag = Tag(name=name)
        session.add(tag)
        await session.flush()
    return tag


@app.get("/users/{user_id}", response_model=UserAnswer)
async def get_user(user_id: int, session: AsyncSession = Depends(request_session)):
    user = await find_user(session, user_id)
    if user is None:
        raise HTTPException(404, "No such user.")
    return user


@app.get("/posts", response_model=PageAnswer, response_model_exclude_none=True)
async def list_posts(
    limit: int = Query(20, ge=1, le=100),
    before: int = 2**63 - 1,
    session: AsyncSession = Depends(request_session),
):
    page = (
        select(Post)
        .where(Post.id < before)
        .order_by(Post.id.desc())
        .limit(limit + 1)
        .options(selectinload(Post.tags), selectinload(Post.author))
    )
    posts = (await session.execute(page)).scalars().all()
    following = str(posts[limit - 1].id) if len(posts) > limit else None
    return {"items": posts[:limit], "limit": limit, "next": following}


@app.post("/users", response_model=UserAnswer, status_code=201)
async def create_user(sent: UserInput, response: Response, session: AsyncSession = Depends(request_session)):
    user = User(name=sent.name)
    session.add(user)
    await session.flush()
    if sent.bio:
        session.add(Profile(user_id=user.id, bio=sent.bio))
    for sent_post in sent.posts:
        post = Post(author_id=user.id, title=sent_post.title, content=sent_post.content)
        session.add(post)
        await session.flush()
        for name in dict.fromkeys(sent_post.tag_names):
            tag = await find_or_add_tag(session, name)
            await session.execute(post_tag.insert().values(post_id=post.id, tag_id=tag.id))
    await session.commit()
    response.headers["Location"] = f"/users/{user.id}"
    return await find_user(session, user.id)
