"""What is sent and what is answered, member by member as the service does it."""

from typing import List, Optional

from pydantic import BaseModel


class Row(BaseModel):
    class Config:
        orm_mode = True


class TagAnswer(Row):
    name: str
    id: int


class AuthorAnswer(Row):
    name: str
    id: int


class PostAnswer(Row):
    title: str
    content: str
    id: int
    author_id: int
    tags: List[TagAnswer]


class PostOfPage(PostAnswer):
    author: AuthorAnswer


class ProfileAnswer(Row):
    bio: str
    id: int


class UserAnswer(Row):
    name: str
    id: int
    profile: Optional[ProfileAnswer]
    posts: List[PostAnswer]


class PageAnswer(Row):
    items: List[PostOfPage]
    limit: int
    next: Optional[str]


class PostInput(BaseModel):
    title: str
    content: str
    tag_names: List[str] = []


class UserInput(BaseModel):
    name: str
    bio: Optional[str] = None
    posts: List[PostInput] = []
