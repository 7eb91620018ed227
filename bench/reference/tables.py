"""The tables of the schema blog, as far as the application reads and writes them."""

from sqlalchemy import BigInteger, Column, ForeignKey, MetaData, Table, Text
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base(metadata=MetaData(schema="blog"))

post_tag = Table(
    "post_tag",
    Base.metadata,
    Column("post_id", BigInteger, ForeignKey("blog.post.id"), primary_key=True),
    Column("tag_id", BigInteger, ForeignKey("blog.tag.id"), primary_key=True),
)


class User(Base):
    __tablename__ = "users"
    id = Column(BigInteger, primary_key=True)
    name = Column(Text, nullable=False)
    profile = relationship("Profile", back_populates="user", uselist=False)
    posts = relationship("Post", back_populates="author", order_by="Post.id")


class Profile(Base):
    __tablename__ = "profile"
    id = Column(BigInteger, primary_key=True)
    user_id = Column(BigInteger, ForeignKey("blog.users.id"), nullable=False)
    bio = Column(Text, nullable=False)
    user = relationship("User", back_populates="profile")


class Post(Base):
    __tablename__ = "post"
    id = Column(BigInteger, primary_key=True)
    author_id = Column(BigInteger, ForeignKey("blog.users.id"), nullable=False)
    title = Column(Text, nullable=False)
    content = Column(Text, nullable=False)
    author = relationship("User", back_populates="posts")
    tags = relationship("Tag", secondary=post_tag, order_by="Tag.id")


class Tag(Base):
    __tablename__ = "tag"
    id = Column(BigInteger, primary_key=True)
    name = Column(Text, nullable=False, unique=True)
